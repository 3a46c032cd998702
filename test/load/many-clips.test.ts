import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, inject, it } from 'vitest';
import { run, start } from '../support/primatrix.ts';
import { waitUntil } from '../support/wait-until.ts';

const sample = inject('trainedSample');
const clips = 300_000;
const perSite = 1000;

interface Line {
  readonly record: { readonly outcome: { readonly status: string }; readonly nets: Record<string, number[]> };
}

/** A bundle whose neighbours read a net, as the competition's do. */
async function bundleWithNeighbours(folder: string): Promise<void> {
  await cp(sample.bundle, folder, { recursive: true });
  const manifest = JSON.parse(await readFile(join(folder, 'bundle.json'), 'utf8')) as {
    neighbours: { nets: string[] };
    nets: { family: string }[];
  };
  manifest.neighbours.nets = manifest.nets.map(({ family }) => family);
  await writeFile(join(folder, 'bundle.json'), JSON.stringify(manifest));
}

/** The first lines of the journal of a run over the sample's clips that was killed: real records. */
async function realJournal(bundle: string, out: string, journal: string): Promise<{ header: string; lines: Line[] }> {
  const running = start(['predict', join(sample.dataset, 'clips'), '--bundle', bundle, '--out', out]);
  const whole = () => readFileSync(journal, 'utf8').split('\n').slice(0, -1);
  await waitUntil(
    'some clips',
    async () => (await stat(journal).catch(() => undefined)) !== undefined && whole().length > 12,
    running.ended,
  );
  running.kill('SIGKILL');
  await running.ended;
  const [header = '', , ...lines] = whole();
  return {
    header,
    lines: lines.map((line) => JSON.parse(line) as Line).filter(({ record }) => record.outcome.status !== 'failed'),
  };
}

/** Empty files, and the journal of a run that had finished the first level of all of them. */
async function manyFinished(
  input: string,
  journal: string,
  { header, lines }: { header: string; lines: readonly Line[] },
): Promise<void> {
  const handle = openSync(journal, 'w');
  writeSync(handle, `${header}\n`);
  let waiting: string[] = [];
  for (let i = 0; i < clips; i++) {
    const site = join(input, `site-${Math.floor(i / perSite)}`);
    if (i % perSite === 0) await mkdir(site, { recursive: true });
    const path = join(site, `clip-${i}.mp4`);
    writeFileSync(path, '');
    const { size, mtimeNs } = statSync(path, { bigint: true });
    const line = lines[i % lines.length] as Line;
    // No two clips are alike.
    const nets = Object.fromEntries(
      Object.entries(line.record.nets).map(([name, values]) => [name, values.map((p) => (p * (i + 1)) / (clips + 1))]),
    );
    waiting.push(
      `${JSON.stringify({ ...line, path, stamp: `${size}-${mtimeNs}`, record: { ...line.record, nets } })}\n`,
    );
    if (waiting.length < 100) continue;
    writeSync(handle, waiting.join(''));
    waiting = [];
  }
  writeSync(handle, waiting.join(''));
  closeSync(handle);
}

it.each(['csv', 'json', 'parquet'])(
  `finishes a run over ${clips} clips: %s`,
  { timeout: 1_800_000 },
  async (format) => {
    await using folder = await temporaryFolder('primatrix-many-');
    const [bundle, input, out] = [folder.join('bundle'), folder.join('clips'), folder.join('out')];
    const journal = folder.join('.out.journal');
    await bundleWithNeighbours(bundle);
    await manyFinished(input, journal, await realJournal(bundle, out, journal));
    const { size } = await stat(journal);
    const from = performance.now();
    const { status, stdout, stderr, peakMiB } = await run([
      'predict',
      input,
      '--bundle',
      bundle,
      '--out',
      out,
      '--format',
      format,
    ]);
    const seconds = (performance.now() - from) / 1000;
    const written = (await stat(out).catch(() => undefined))?.size ?? 0;
    process.stdout.write(
      `${format}: journal ${(size / 2 ** 20).toFixed(0)} MiB, result ${(written / 2 ** 20).toFixed(0)} MiB, peak ${peakMiB.toFixed(0)} MiB, ${seconds.toFixed(0)} s\n`,
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(`${clips} clips:`);
    expect(stderr).toContain(`${clips} of them in an earlier run`);
  },
);
