import type { Finding } from '@primatrix/review-api';
import { say } from '../language/language.ts';
import { clipsWith } from './clips-with.ts';

/** What clips tell of something wrong with a camera or its card. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return <p className="hint">{say.season.findings.none}</p>;
  return (
    <ul className="findings">
      {findings.map(({ id, kind, site, says, clips }) => (
        <li key={id}>
          {say.season.findings.at(<strong>{say.names.findings[kind]}</strong>, site ?? say.names.noSite, says)}{' '}
          <a href={clipsWith({ finding: id })}>{say.counts.clips(clips)}</a>
        </li>
      ))}
    </ul>
  );
}
