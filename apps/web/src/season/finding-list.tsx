import type { Finding } from '@primatrix/review-api';
import { count } from '../shell/words.ts';
import { clipsWith, noSite } from './clips-with.ts';

const names: Readonly<Record<Finding['kind'], string>> = {
  'copied-twice': 'Copied twice',
  'clock-reset': 'Clock reset',
  'clock-ahead': 'Clock ahead',
  'stuck-trigger': 'Stuck trigger',
  moved: 'Camera moved',
  covered: 'Lens covered',
};

/** What clips tell of something wrong with a camera or its card. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return <p className="hint">Nothing found.</p>;
  return (
    <ul className="findings">
      {findings.map(({ id, kind, site, says, clips }) => (
        <li key={id}>
          <strong>{names[kind]}</strong> at {site ?? noSite}: {says}.{' '}
          <a href={clipsWith({ finding: id })}>{count(clips, 'clip')}</a>
        </li>
      ))}
    </ul>
  );
}
