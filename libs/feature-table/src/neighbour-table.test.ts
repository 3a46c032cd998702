import { readFile } from 'node:fs/promises';
import { Rng } from '@primatrix/rng';
import { sharedData, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { isNumberColumn } from './feature-table.ts';
import { writeNeighbourTable } from './neighbour-table.ts';
import { writeNetPredictions } from './prediction-table.ts';
import { readTable } from './read-table.ts';
import { tableDigest } from './table-digest.ts';
import { writeTable } from './write-table.ts';

const classes = ['bird', 'hog', 'hog "wild"'];
const ks = [1, 2, 3, 7, 50];

interface Clip {
  readonly filename: string;
  readonly part: 'fold-1' | 'fold-2' | 'test' | 'other';
  readonly site: string | null;
  readonly moment: number;
}

async function writeClips(path: string, clips: readonly Clip[]): Promise<void> {
  await writeTable(path, {
    keys: clips.map(({ filename }) => filename),
    columns: [
      { name: 'part', text: clips.map(({ part }) => part) },
      { name: 'site', text: clips.map(({ site }) => site) },
      { name: 'moment', values: Float64Array.from(clips, ({ moment }) => moment) },
    ],
  });
}

/** The definition, spelled out. */
function bruteForce(
  clips: readonly Clip[],
  predictions: ReadonlyMap<string, readonly number[]>,
  clip: Clip,
  k: number,
  c: number,
): number {
  if (clip.site === null || Number.isNaN(clip.moment)) return Number.NaN;
  const order = (a: Clip, b: Clip) =>
    a.moment - b.moment || Buffer.compare(Buffer.from(a.filename), Buffer.from(b.filename));
  const others = clips
    .filter(
      (other) =>
        other.site === clip.site && !Number.isNaN(other.moment) && other !== clip && predictions.has(other.filename),
    )
    .sort(order);
  const before = others.filter((other) => order(other, clip) < 0).slice(-k);
  const after = others.filter((other) => order(other, clip) > 0).slice(0, k);
  const values = [...before, ...after].map(({ filename }) => predictions.get(filename)?.[c] as number);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('writeNeighbourTable', () => {
  it('equals brute force on 2,000 clips with ties, missing times and single-clip sites, to 1e-7', async () => {
    await using folder = await temporaryFolder();
    const rng = new Rng(4);
    const parts = ['fold-1', 'fold-2', 'test', 'other'] as const;
    const clips = Array.from({ length: 2000 }, (_, i): Clip => {
      // Few moments: many ties. Sites 30 to 629 have a clip or two each.
      const site = rng.int(10) === 0 ? null : `site ${rng.int(3) === 0 ? 30 + rng.int(600) : rng.int(30)}`;
      return {
        // The last two stand in the other order by code units than by bytes.
        filename: `${['é', 'z', 'Z', '_', '～', '🐻'][rng.int(6)]}/${i}'.mp4`,
        part: parts[rng.int(4)] ?? 'test',
        site,
        moment: rng.int(12) === 0 ? Number.NaN : 1.4e12 + rng.int(80),
      };
    });
    await writeClips(folder.join('clips.parquet'), clips);
    const nets = ['a', 'b'].map((name) => {
      // Each net lacks some clips; one has clips whose prediction is missing.
      const predicted = clips.filter(({ part }) => !part.startsWith('fold') && rng.int(name === 'a' ? 20 : 4) > 0);
      return {
        name,
        predictions: new Map(predicted.map(({ filename }) => [filename, classes.map(() => rng.uniform())] as const)),
      };
    });
    const pieces = {
      test: clips.filter(({ part }) => part === 'test'),
      other: clips.filter(({ part }) => part === 'other'),
    };
    for (const { name, predictions } of nets) {
      for (const [piece, of] of Object.entries(pieces)) {
        const rows = of.filter(({ filename }) => name === 'a' || predictions.has(filename));
        await writeNetPredictions(folder.join(`${name}-${piece}.parquet`), {
          filenames: rows.map(({ filename }) => filename),
          classes,
          probabilities: Float64Array.from(
            rows.flatMap(({ filename }) => predictions.get(filename) ?? classes.map(() => Number.NaN)),
          ),
        });
      }
    }
    const pass = {
      parts: ['fold-1', 'test'],
      nets: nets.map(({ name }) => ({
        name,
        sources: ['test', 'other'].map((piece) => ({ path: folder.join(`${name}-${piece}.parquet`) })),
      })),
    };
    const request = {
      clips: folder.join('clips.parquet'),
      passes: [pass],
      classes,
      ks,
      out: folder.join('out.parquet'),
    };
    await writeNeighbourTable(request);

    const table = await readTable(request.out);
    const wanted = clips.filter(({ part }) => part === 'fold-1' || part === 'test');
    expect([...table.keys].sort()).toEqual(wanted.map(({ filename }) => filename).sort());
    expect(table.columns.map(({ name }) => name)).toEqual(
      nets.flatMap(({ name }) => ks.flatMap((k) => classes.map((label) => `${name}/k${k}/${label}`))),
    );
    const rowOf = new Map(table.keys.map((key, row) => [key, row]));
    let [worst, missing, there] = [0, 0, 0];
    for (const [n, { predictions }] of nets.entries()) {
      for (const [i, k] of ks.entries()) {
        for (const c of classes.keys()) {
          const column = table.columns[(n * ks.length + i) * classes.length + c];
          for (const clip of wanted) {
            const expected = bruteForce(clips, predictions, clip, k, c);
            const got =
              column !== undefined && isNumberColumn(column) ? (column.values[rowOf.get(clip.filename) ?? -1] ?? 9) : 9;
            if (Number.isNaN(expected) !== Number.isNaN(got)) {
              expect.fail(`${clip.filename} k${k}: ${got} instead of ${expected}`);
            }
            if (Number.isNaN(expected)) missing++;
            else worst = Math.max(worst, Math.abs(expected - got));
            there++;
          }
        }
      }
    }
    expect(worst).toBeLessThan(1e-7);
    expect(missing / there).toBeGreaterThan(0.15);
    expect(missing / there).toBeLessThan(0.5);

    await writeNeighbourTable({ ...request, out: folder.join('again.parquet') });
    expect(tableDigest(await readTable(folder.join('again.parquet')))).toBe(tableDigest(table));
  });

  it('takes each pass its own predictions, a fold of them where one is named, and clips without neighbours', async () => {
    await using folder = await temporaryFolder();
    const at = (filename: string, part: Clip['part'], moment: number, site: string | null = 's'): Clip => ({
      filename,
      part,
      site,
      moment,
    });
    await writeClips(folder.join('clips.parquet'), [
      at('a', 'fold-1', 1),
      at('b', 'fold-1', 2),
      at('c', 'fold-2', 3),
      at('d', 'test', 4),
      at('lone', 'test', 4, 'l'),
      at('lost', 'test', 4, null),
    ]);
    const write = (name: string, filenames: string[], values: number[], folds?: number[]) =>
      writeNetPredictions(folder.join(name), {
        filenames,
        classes: ['bird'],
        probabilities: Float64Array.from(values),
        ...(folds === undefined ? {} : { folds: Int32Array.from(folds) }),
      });
    await write('train.parquet', ['a', 'b', 'c'], [0.1, 0.2, 0.4], [1, 1, 2]);
    await write('fold-1.parquet', ['d', 'lone', 'lost'], [0.8, 0, 0]);
    await write('fold-2.parquet', ['d', 'lone', 'lost'], [0.6, 0, 0]);
    const sources = (fold: number) => [
      { path: folder.join(`fold-${fold}.parquet`) },
      { path: folder.join('train.parquet'), fold },
    ];
    const request = {
      clips: folder.join('clips.parquet'),
      classes: ['bird'],
      ks: [1],
      out: folder.join('train-out.parquet'),
    };
    await writeNeighbourTable({
      ...request,
      passes: [1, 2].map((fold) => ({ parts: [`fold-${fold}`], nets: [{ name: 'n', sources: sources(fold) }] })),
    });
    expect(await readTable(request.out)).toEqual({
      keys: ['a', 'b', 'c'],
      columns: [{ name: 'n/k1/bird', values: Float32Array.of(0.2, (0.1 + 0.8) / 2, 0.6) }],
    });

    await writeNeighbourTable({
      ...request,
      passes: [{ parts: ['test'], nets: [{ name: 'n', sources: [{ path: folder.join('fold-1.parquet') }] }] }],
    });
    expect(await readTable(request.out)).toEqual({
      keys: ['d', 'lone', 'lost'],
      columns: [{ name: 'n/k1/bird', values: new Float32Array(3).fill(Number.NaN) }],
    });
  });

  const golden = sharedData('golden', 'neighbours');
  it.skipIf(golden === undefined)(
    "counts places of the order, as the original's golden values (needs the shared data folder)",
    async () => {
      await using folder = await temporaryFolder();
      const table = async (name: string) =>
        (await readFile(`${golden}/${name}.csv`, 'utf8'))
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.split(','));
      await writeClips(
        folder.join('clips.parquet'),
        (await table('clips')).map(([filename = '', split, modified]) => ({
          filename,
          part: split === 'train' ? 'fold-1' : split === 'test' ? 'test' : 'other',
          site: 'all',
          moment: Number(modified),
        })),
      );
      const named = ['a', 'b', 'c', 'd'];
      const predicted = await table('predictions');
      await writeNetPredictions(folder.join('n.parquet'), {
        filenames: predicted.map(([filename = '']) => filename),
        classes: named,
        probabilities: Float64Array.from(predicted.flatMap(([, ...values]) => values.map(Number))),
      });
      const nets = [{ name: 'n', sources: [{ path: folder.join('n.parquet') }] }];
      await writeNeighbourTable({
        clips: folder.join('clips.parquet'),
        passes: [{ parts: ['fold-1', 'test', 'other'], nets }],
        classes: named,
        ks: [1, 5, 20],
        window: 'places',
        out: folder.join('out.parquet'),
      });
      const { keys, columns } = await readTable(folder.join('out.parquet'));
      for (const [i, k] of [1, 5, 20].entries()) {
        const expected = new Map((await table(`expected-k${k}`)).map(([name = '', ...row]) => [name, row.map(Number)]));
        expect(expected.size).toBeGreaterThan(50);
        for (const [row, key] of keys.entries()) {
          for (const c of named.keys()) {
            const column = columns[i * named.length + c];
            const got = column !== undefined && isNumberColumn(column) ? (column.values[row] as number) : 9;
            const want = expected.get(key)?.[c];
            if (want === undefined) expect(got, `${key} k${k}`).toBeNaN();
            else expect(Math.abs(got - want), `${key} k${k}`).toBeLessThan(1e-6);
          }
        }
      }
    },
  );

  it('refuses other classes and clips that are predicted twice, and leaves what was there', async () => {
    await using folder = await temporaryFolder();
    await writeClips(folder.join('clips.parquet'), [{ filename: 'a', part: 'test', site: 's', moment: 1 }]);
    await writeNetPredictions(folder.join('n.parquet'), {
      filenames: ['a'],
      classes: ['bird', 'pig'],
      probabilities: Float64Array.of(0, 1),
    });
    await writeTable(folder.join('out.parquet'), { keys: ['old'], columns: [] });
    const write = (classesWanted: string[], paths: string[]) =>
      writeNeighbourTable({
        clips: folder.join('clips.parquet'),
        classes: classesWanted,
        ks: [1],
        out: folder.join('out.parquet'),
        passes: [
          { parts: ['test'], nets: [{ name: 'n', sources: paths.map((path) => ({ path: folder.join(path) })) }] },
        ],
      });
    await expect(write(['bird', 'hog'], ['n.parquet'])).rejects.toMatchObject({
      code: 'TABLE_COLUMN',
      fields: { table: folder.join('n.parquet') },
      message: expect.stringContaining('missing hog; unknown pig') as string,
    });
    await expect(write(['bird', 'pig'], ['n.parquet', 'n.parquet'])).rejects.toMatchObject({
      code: 'TABLE_KEY',
      fields: { key: 'a' },
    });
    await expect(write(['bird', 'pig'], ['gone.parquet'])).rejects.toThrow('gone.parquet');
    await expect(
      writeNeighbourTable({
        ...{ clips: folder.join('clips.parquet'), classes: ['bird', 'pig'], ks: [1], out: folder.join('out.parquet') },
        passes: [{ parts: ['test'], nets: [{ name: 'n', sources: [{ path: folder.join('n.parquet'), fold: 1 }] }] }],
      }),
    ).rejects.toMatchObject({ code: 'TABLE_COLUMN', fields: { column: 'fold' } });
    expect((await readTable(folder.join('out.parquet'))).keys).toEqual(['old']);
  });
});
