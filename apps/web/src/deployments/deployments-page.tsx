import { useEffect, useRef, useState } from 'react';
import type { Deployment } from '@primatrix/review-api';
import { gridAddress, withFilter } from '../shell/use-route.ts';
import { count, moment } from '../shell/words.ts';
import { DeploymentDialog } from './deployment-dialog.tsx';
import { deploymentsApi } from './deployments-api.ts';

/** Sites of the project: where their cameras stood, from when to when, and by which clock. */
export function DeploymentsPage({ version }: { readonly version: number }) {
  const [deployments, setDeployments] = useState<readonly Deployment[] | null>(null);
  const [trouble, setTrouble] = useState('');
  const [open, setOpen] = useState<string | null | undefined>(undefined);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    deploymentsApi.list().then(setDeployments, (error: Error) => setTrouble(error.message));
  }, [version]);
  useEffect(() => heading.current?.focus(), []);
  const shown = open === undefined ? undefined : deployments?.find(({ site }) => site === open);
  return (
    <main className="page">
      <nav className="crumbs" aria-label="Pages">
        <a href="#/">← All clips</a>
        <h2 ref={heading} tabIndex={-1}>
          Sites and deployments
        </h2>
      </nav>
      <p className="hint">
        Each site is one deployment. What you change here can be undone with <kbd>z</kbd>, and is in all exports.
      </p>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {deployments === null ? (
        <p role="status">Loading…</p>
      ) : (
        <div className="scroll" tabIndex={0} role="region" aria-label="Sites and deployments">
          <table className="deployments">
            <thead>
              <tr>
                <th scope="col">Site</th>
                <td />
                <th scope="col">Clips</th>
                <th scope="col">First</th>
                <th scope="col">Last</th>
                <th scope="col">Coordinates</th>
                <th scope="col">Time zone</th>
                <th scope="col">To check</th>
              </tr>
            </thead>
            <tbody>
              {deployments.map((one) => (
                <tr key={one.site ?? ''}>
                  <th scope="row">{one.site ?? <em>No site</em>}</th>
                  <td>
                    <button
                      type="button"
                      aria-label={`Edit ${one.site ?? 'clips without a site'}`}
                      onClick={() => setOpen(one.site)}
                    >
                      Edit…
                    </button>
                  </td>
                  <td className="number">
                    {one.site === null ? (
                      one.clips.toLocaleString('en')
                    ) : (
                      <a
                        href={gridAddress(withFilter('', { site: one.site }))}
                        aria-label={`${count(one.clips, 'clip')} of ${one.site}`}
                      >
                        {one.clips.toLocaleString('en')}
                      </a>
                    )}
                  </td>
                  <td>{one.first === null ? '–' : moment(one.first)}</td>
                  <td>{one.last === null ? '–' : moment(one.last)}</td>
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
  return `${coordinates.latitude}, ${coordinates.longitude}${severalPlaces ? ' and others' : ''}`;
}

function toCheck({ timeless, fromFileDate, fromStamp }: Deployment): string {
  return [
    ...(timeless > 0 ? [`${timeless.toLocaleString('en')} without a time`] : []),
    ...(fromFileDate > 0 ? [`${fromFileDate.toLocaleString('en')} by file date`] : []),
    ...(fromStamp > 0 ? [`${fromStamp.toLocaleString('en')} by stamp`] : []),
  ].join(', ');
}
