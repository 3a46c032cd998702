import { useEffect, useRef, useState } from 'react';
import type { Season } from '@primatrix/review-api';
import { call } from '../shell/api.ts';
import { gridAddress } from '../shell/use-route.ts';
import { count, percent } from '../shell/words.ts';
import { ActivityChart } from './activity-chart.tsx';
import { BlankChart } from './blank-chart.tsx';
import { EffortChart } from './effort-chart.tsx';
import { FindingList } from './finding-list.tsx';
import { SiteMap } from './site-map.tsx';
import { SpeciesChart } from './species-chart.tsx';
import { clipsWith } from './clips-with.ts';

/** The season in numbers; each leads to its clips. */
export function SeasonPage({ version }: { readonly version: number }) {
  const [season, setSeason] = useState<Season | null>(null);
  const [trouble, setTrouble] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    call<Season>('/api/season').then(setSeason, (error: Error) => setTrouble(error.message));
  }, [version]);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main className="page">
      <nav className="crumbs" aria-label="Pages">
        <a href={gridAddress('')}>← All clips</a>
        <h2 ref={heading} tabIndex={-1}>
          Season
        </h2>
      </nav>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {season === null ? (
        trouble === '' && <p role="status">Loading…</p>
      ) : (
        <>
          <Summary season={season} />
          <h3>Species by site</h3>
          <SpeciesChart season={season} />
          <h3>Activity by hour</h3>
          <ActivityChart season={season} />
          <h3>Effort and gaps</h3>
          <EffortChart season={season} />
          <h3>Blank clips by site</h3>
          <BlankChart season={season} />
          <h3>Map</h3>
          <SiteMap season={season} />
          <h3>Cameras and cards to check</h3>
          <FindingList findings={season.findings} />
        </>
      )}
    </main>
  );
}

function Summary({ season }: { readonly season: Season }) {
  const { clips, known, reviewed, blank, failed, timeless, first, last, sites, species } = season;
  const named = sites.filter(({ site }) => site !== null).length;
  return (
    <p className="summary">
      <a href={clipsWith({})}>{count(clips, 'clip')}</a> of {count(named, 'site')}
      {first !== null && last !== null && `, ${first.slice(0, 10)} to ${last.slice(0, 10)}`}.{' '}
      {known > 0 && (
        <>
          <a href={clipsWith({ blank: 'only' })}>{percent(blank / known)} blank</a>; {species.length} species.{' '}
        </>
      )}
      <a href={clipsWith({ review: 'done' })}>{reviewed.toLocaleString('en')} reviewed</a>; the others are counted by
      their most probable species.{' '}
      {failed > 0 && (
        <>
          <a href={clipsWith({ state: 'failed' })}>{failed.toLocaleString('en')} cannot be read</a>.{' '}
        </>
      )}
      {timeless > 0 && (
        <>
          <a href={clipsWith({ timeless: 'only' })}>{timeless.toLocaleString('en')} have no time</a>.
        </>
      )}
    </p>
  );
}
