import { useEffect, useState } from 'react';
import type { Deployment } from '@primatrix/review-api';
import { gridAddress, withFilter } from '../shell/use-route.ts';
import { say } from '../language/language.ts';
import { PageHead } from '../shell/page-head.tsx';
import { DeploymentDialog } from './deployment-dialog.tsx';
import { deploymentsApi } from './deployments-api.ts';
import { Key } from '../shell/key.tsx';
import { undoKey } from '../shell/decisions.ts';

/** Sites of the project: where their cameras stood, from when to when, and by which clock. */
export function DeploymentsPage({ version }: { readonly version: number }) {
  const [deployments, setDeployments] = useState<readonly Deployment[] | null>(null);
  const [trouble, setTrouble] = useState('');
  const [open, setOpen] = useState<string | null | undefined>(undefined);
  const words = say.deployments;
  useEffect(() => {
    deploymentsApi.list().then(setDeployments, (error: Error) => setTrouble(error.message));
  }, [version]);
  const shown = open === undefined ? undefined : deployments?.find(({ site }) => site === open);
  return (
    <main className="page">
      <PageHead title={words.title} />
      <p className="hint">{words.hint(<Key of={undoKey} />)}</p>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {deployments === null ? (
        <p role="status">{say.shell.loading}</p>
      ) : (
        <div className="scroll" tabIndex={0} role="region" aria-label={words.title}>
          <table className="deployments">
            <thead>
              <tr>
                <th scope="col">{words.site}</th>
                <td />
                <th scope="col">{words.clips}</th>
                <th scope="col">{words.first}</th>
                <th scope="col">{words.last}</th>
                <th scope="col">{words.coordinates}</th>
                <th scope="col">{words.zone}</th>
                <th scope="col">{words.toCheck}</th>
              </tr>
            </thead>
            <tbody>
              {deployments.map((one) => (
                <tr key={one.site ?? ''}>
                  <th scope="row">{one.site ?? <em>{words.noSite}</em>}</th>
                  <td>
                    <button
                      type="button"
                      aria-label={one.site === null ? words.editWithout : words.editSite(one.site)}
                      onClick={() => setOpen(one.site)}
                    >
                      {words.edit}
                    </button>
                  </td>
                  <td className="number">
                    {one.site === null ? (
                      say.number(one.clips)
                    ) : (
                      <a
                        href={gridAddress(withFilter('', { site: one.site }))}
                        aria-label={words.clipsOf(say.counts.clips(one.clips), one.site)}
                      >
                        {say.number(one.clips)}
                      </a>
                    )}
                  </td>
                  <td>{one.first === null ? '–' : say.moment(one.first)}</td>
                  <td>{one.last === null ? '–' : say.moment(one.last)}</td>
                  <td>{placeOf(one)}</td>
                  <td>{one.zone ?? '–'}</td>
                  <td>{toCheck(one)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown !== undefined && deployments !== null && (
        <DeploymentDialog deployment={shown} deployments={deployments} onClose={() => setOpen(undefined)} />
      )}
    </main>
  );
}

function placeOf({ coordinates, severalPlaces }: Deployment): string {
  if (coordinates === null) return '–';
  const place = `${coordinates.latitude}, ${coordinates.longitude}`;
  return severalPlaces ? say.deployments.andOthers(place) : place;
}

function toCheck({ timeless, fromFileDate, fromStamp }: Deployment): string {
  const words = say.deployments;
  return [
    ...(timeless > 0 ? [words.timeless(say.number(timeless))] : []),
    ...(fromFileDate > 0 ? [words.byFileDate(say.number(fromFileDate))] : []),
    ...(fromStamp > 0 ? [words.byStamp(say.number(fromStamp))] : []),
  ].join(', ');
}
