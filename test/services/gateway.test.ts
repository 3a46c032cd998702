import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readBundle } from '@primatrix/prediction';
import { progressSchema, projectSchema, type Progress } from '@primatrix/review-api';
import { bundleParts, joinerFamily } from '@primatrix/services';
import { natsServerAvailable, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { startFleet } from '../support/fleet.ts';
import { run, start } from '../support/primatrix.ts';
import { serve, token, type Served } from '../support/review-pages.ts';
import { waitUntil } from '../support/wait-until.ts';

const { dataset, bundle } = inject('trainedSample');
const missing = 'net-imagehash-gru';
/** The first is damaged, the second no clip at all. */
const inFolder = ['clip_0004.mp4', 'clip_0003.mp4', 'clip_0001.mp4', 'clip_0002.mp4', 'clip_0005.avi'];
const uploaded = 'clip_0006.mp4';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

describe.skipIf(!natsServerAvailable())('serve --ui --remote', () => {
  it("has services predict what comes over HTTP, to the rows of one process, over their absence, the broker's and kill -9 of the gateway", async () => {
    await using folder = await temporaryFolder('primatrix-front-');
    await mkdir(folder.join('card/cam-1'), { recursive: true });
    for (const name of inFolder) await symlink(join(dataset, 'clips', name), folder.join(`card/cam-1/${name}`));
    const { manifest } = await readBundle(bundle);
    const families = [joinerFamily, ...new Set(bundleParts(manifest).map(({ family }) => family))].filter(
      (family) => family !== missing,
    );
    await using fleet = await startFleet({
      bundle,
      workers: [families],
      options: ['--ack-wait', '3000', '--max-deliver', '12'],
    });
    const begin = () => serve(folder.path, bundle, ['--remote', '--store', fleet.store], fleet.env);
    const ends: (() => Promise<unknown>)[] = [];
    let served = await begin();
    ends.push(() => end(served));
    try {
      expect(
        await post(served, '/api/folders', JSON.stringify({ path: folder.join('card') }), {
          'content-type': 'application/json',
        }),
      ).toMatchObject({ added: inFolder.length });
      const bytes = await readFile(join(dataset, 'clips', uploaded));
      expect(
        await post(served, `/api/uploads?name=cam-2/${uploaded}`, bytes, {
          'content-type': 'video/mp4',
          traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
        }),
      ).toEqual({ filename: `cam-2/${uploaded}`, added: true });
      await fleet.ready();
      // All that can be done without the net: what cannot be read has its record.
      await progressed(served, ({ waitsFor, done }) => waitsFor === `services: ${missing}` && done === 1);
      await fleet.server.kill();
      await progressed(served, ({ waitsFor }) => waitsFor?.startsWith('the broker') === true);
      await fleet.server.restart();
      await progressed(served, ({ waitsFor }) => waitsFor === `services: ${missing}`);
      expect((await fetch(new URL('/readyz', served.url))).status).toBe(200);

      served.run.kill('SIGKILL');
      await served.run.ended;
      const net = start(['serve', missing, '--bundle', bundle, '--store', fleet.store, '--log', 'json'], {
        env: fleet.env,
      });
      ends.push(() => (net.kill('SIGTERM'), net.ended));
      served = await begin();
      await fleet.replace(0);
      const whole = await progressed(served, ({ stage, total, done }) => stage === 'idle' && total === done);
      expect(whole).toMatchObject({ total: 6, failed: 1, waitsFor: null, trouble: null });
      // Of each family what it took where it ran, though this gateway may have heard the answers to an earlier one.
      expect(whole.families.map(({ family }) => family)).toEqual([
        manifest.metadata.family,
        ...manifest.features.map(({ family }) => family),
        missing,
        manifest.ensemble.family,
      ]);
      expect(whole.families.filter(({ done, secondsAClip }) => done !== 6 || secondsAClip === null)).toEqual([]);

      const out = folder.join('local.csv');
      expect(
        (
          await run([
            'predict',
            folder.join('card'),
            folder.join('primatrix-review/uploads'),
            '--bundle',
            bundle,
            '--out',
            out,
          ])
        ).status,
      ).toBe(1);
      const exported = await (await fetch(new URL('/api/export/predictions.csv', served.url), { headers })).text();
      expect(byClip(exported)).toEqual(byClip((await readFile(out, 'utf8')).replaceAll(`${folder.path}/`, '')));
      const project = folder.join('primatrix-review');
      const records = (await readdir(project)).filter((name) => name.startsWith('first-level-'));
      const kept = (await readFile(join(project, records[0] ?? ''), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { path: string }).path);
      expect([kept.length, new Set(kept).size, await fleet.deadLetters()]).toEqual([6, 6, []]);
      net.kill('SIGTERM');
      const lines = (await net.ended).stderr.split('\n').filter((line) => line.includes(traceId));
      expect(lines.map((line) => (JSON.parse(line) as { part: string }).part)).toEqual([missing]);
      served.run.kill('SIGTERM');
      expect((await served.run.ended).status).toBe(0);
    } finally {
      for (const each of ends) await each();
    }
  });
});

const headers = { authorization: `Bearer ${token}` };

async function post(
  { url }: Served,
  path: string,
  body: string | Buffer<ArrayBuffer>,
  more: Record<string, string>,
): Promise<unknown> {
  return (await fetch(new URL(path, url), { method: 'POST', headers: { ...headers, ...more }, body })).json();
}

async function end({ run }: Served): Promise<void> {
  run.kill('SIGKILL');
  await run.ended;
}

/** The first progress that is as wanted; fails with the last one that was not. */
async function progressed({ url, run }: Served, wanted: (progress: Progress) => boolean): Promise<Progress> {
  let last: Progress | undefined;
  await waitUntil(
    'the progress that is wanted',
    async () => {
      last = progressSchema.parse(
        projectSchema.parse(await (await fetch(new URL('/api/project', url), { headers })).json()).progress,
      );
      return wanted(last);
    },
    run.ended,
  ).catch((cause: unknown) => {
    throw new Error(`at last: ${JSON.stringify(last)}`, { cause });
  });
  return last as Progress;
}

/** Rows by clip, without the paths of this machine, sorted. */
function byClip(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((row) => row.slice(row.includes('clip_') ? row.indexOf('clip_') : 0))
    .sort();
}
