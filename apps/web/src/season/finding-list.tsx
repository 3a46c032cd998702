import type { Finding } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { clipsWith } from './clips-with.ts';

/** What clips tell of something wrong with a camera or its card. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  const words = say.season.findings;
  if (findings.length === 0) return <p className="hint">{words.none}</p>;
  return (
    <ul className="findings">
      {findings.map((one) => (
        <li key={one.id}>
          {words.at(<strong>{say.names.findings[one.kind]}</strong>, one.site ?? say.names.noSite, reasonOf(one))}{' '}
          <a href={clipsWith({ finding: one.id })}>{say.counts.clips(one.clips)}</a>
        </li>
      ))}
    </ul>
  );
}

/** What tells of it, in words. */
function reasonOf(finding: Finding): string {
  const words = say.season.findings;
  switch (finding.kind) {
    case 'copied-twice':
      return words.copied(finding.clips, finding.of.map((site) => site ?? say.names.noSite).join(', '));
    case 'clock-reset':
      return [
        ...(finding.unset > 0 ? [words.unset(finding.unset)] : []),
        ...(finding.back > 0 ? [words.back(finding.back)] : []),
      ].join('; ');
    case 'clock-ahead':
      return words.ahead(finding.clips);
    case 'stuck-trigger':
      return words.stuck(finding.times, finding.least);
    case 'moved':
      return words.moved(finding.times);
    case 'covered':
      return words.covered;
  }
}
