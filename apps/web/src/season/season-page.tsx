import { useEffect, useState } from 'react';
import type { Season } from '@primatrix/review-api';
import { call } from '../shell/api.ts';
import { say } from '../language/language.ts';
import { PageHead } from '../shell/page-head.tsx';
import { percent } from '../shell/words.ts';
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
  useEffect(() => {
    call<Season>('/api/season').then(setSeason, (error: Error) => setTrouble(error.message));
  }, [version]);
  return (
    <main className="page">
      <PageHead title={say.season.title} />
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {season === null ? (
        trouble === '' && <p role="status">{say.shell.loading}</p>
      ) : (
        <>
          <Summary season={season} />
          <h3>{say.season.headings.species}</h3>
          <SpeciesChart season={season} />
          <h3>{say.season.headings.activity}</h3>
          <ActivityChart season={season} />
          <h3>{say.season.headings.effort}</h3>
          <EffortChart season={season} />
          <h3>{say.season.headings.blank}</h3>
          <BlankChart season={season} />
          <h3>{say.season.headings.map}</h3>
          <SiteMap season={season} />
          <h3>{say.season.headings.findings}</h3>
          <FindingList findings={season.findings} />
        </>
      )}
    </main>
  );
}

function Summary({ season }: { readonly season: Season }) {
  const { clips, known, reviewed, blank, failed, timeless, first, last, sites, species } = season;
  const named = sites.filter(({ site }) => site !== null).length;
  const words = say.season.summary;
  return (
    <p className="summary">
      {words.clipsOfSites(<a href={clipsWith({})}>{say.counts.clips(clips)}</a>, named)}
      {first !== null && last !== null && words.between(say.day(first), say.day(last))}
      {'. '}
      {known > 0 && (
        <>
          {words.blankAndSpecies(
            <a href={clipsWith({ blank: 'only' })}>{words.blank(percent(blank / known))}</a>,
            species.length,
          )}{' '}
        </>
      )}
      {words.reviewedAndOthers(<a href={clipsWith({ review: 'done' })}>{words.reviewed(reviewed)}</a>)}{' '}
      {failed > 0 && (
        <>
          <a href={clipsWith({ state: 'failed' })}>{words.failed(failed)}</a>
          {'. '}
        </>
      )}
      {timeless > 0 && (
        <>
          <a href={clipsWith({ timeless: 'only' })}>{words.timeless(timeless)}</a>
          {'.'}
        </>
      )}
    </p>
  );
}
