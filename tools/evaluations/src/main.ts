import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UsageError } from '@primatrix/contracts';
import { ensureLibrary } from '@primatrix/lightgbm-ts';
import { writeTextAtomic } from '@primatrix/files';
import { defaultModelsDir, findModel } from '@primatrix/models';
import { benchmarksPage } from './benchmarks-page.ts';
import { timeClips, type ClipTimeResult } from './clip-time.ts';
import { evaluateEsc10Probe, type Esc10ProbeResult } from './esc10-probe.ts';
import { evaluateEsc10Tags, type Esc10TagsResult } from './esc10-tags.ts';
import { evaluateEsc10, type Esc10Result } from './evaluate-esc10.ts';
import { writeEsc10Dataset } from './write-esc10-dataset.ts';

const usage = `Usage:
  node tools/evaluations/dist/main.js esc10 [--data <dir>] [--seed 1] [--json]     sound descriptors and LightGBM on ESC-10's own folds
  node tools/evaluations/dist/main.js esc10-tags [--data <dir>] [--model mn04] [--json]   a classifier's own sounds, nothing trained
  node tools/evaluations/dist/main.js esc10-probe [--data <dir>] [--model mn04-embedding] [--json]   an encoder and few labels
  node tools/evaluations/dist/main.js esc10-dataset --out <dir> [--data <dir>]     ESC-10 as a dataset for primatrix train
  node tools/evaluations/dist/main.js clip-time <clip...> [--model yolox-nano] [--python python3] [--rounds 7] [--json]
                                                          a detector's time a clip beside Python's OpenCV and ONNX Runtime
  node tools/evaluations/dist/main.js benchmarks          docs/benchmarks.md of benchmarks.json
`;

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof UsageError) && !(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) {
    throw error;
  }
  process.stderr.write(`${(error as Error).message}\n${usage}`);
  process.exitCode = 2;
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: '../shared/data/esc10' },
      out: { type: 'string' },
      model: { type: 'string' },
      seed: { type: 'string', default: '1' },
      python: { type: 'string', default: 'python3' },
      rounds: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
    },
  });
  const { data, out, json } = values;
  const seed = Number(values.seed);
  const onProgress = (fraction: number, note: string) =>
    void process.stderr.write(`\r${Math.round(100 * fraction)} %  ${note}\x1b[K`);
  if (positionals[0] === 'esc10' && Number.isInteger(seed) && seed >= 0) {
    await ensureLibrary();
    const result = await evaluateEsc10({
      data,
      seed,
      onProgress,
    });
    process.stderr.write('\r\x1b[K');
    process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : describe(result));
    return 0;
  }
  if (positionals[0] === 'esc10-tags') {
    const result = await evaluateEsc10Tags(data, await findModel(defaultModelsDir(), values.model ?? 'mn04'), {
      onProgress,
    });
    process.stderr.write('\r\x1b[K');
    process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : describeTags(result));
    return 0;
  }
  if (positionals[0] === 'esc10-probe') {
    const folder = await findModel(defaultModelsDir(), values.model ?? 'mn04-embedding');
    const result = await evaluateEsc10Probe(data, folder, { onProgress });
    process.stderr.write('\r\x1b[K');
    process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : describeProbe(result));
    return 0;
  }
  if (positionals[0] === 'esc10-dataset' && out !== undefined) {
    const folds = await writeEsc10Dataset(data, out);
    process.stdout.write(`primatrix train --dataset ${out} --folds ${folds}\n`);
    return 0;
  }
  const rounds = Number(values.rounds);
  if (positionals[0] === 'clip-time' && positionals.length > 1 && Number.isInteger(rounds) && rounds > 0) {
    const folder = await findModel(defaultModelsDir(), values.model ?? 'yolox-nano');
    const onClip = (name: string) => void process.stderr.write(`${name}\n`);
    const result = await timeClips(positionals.slice(1), folder, { python: values.python, rounds, onClip });
    process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : describeTimes(result));
    return 0;
  }
  if (positionals[0] === 'benchmarks') {
    const place = (path: string) => new URL(`../${path}`, import.meta.url);
    const page = benchmarksPage(JSON.parse(await readFile(place('benchmarks.json'), 'utf8')));
    await writeTextAtomic(fileURLToPath(place('../../docs/benchmarks.md')), [page]);
    return 0;
  }
  process.stderr.write(usage);
  return 2;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

function describeTimes({ model, reference, rounds, clips, ratio }: ClipTimeResult): string {
  const times = ({ clock, processor }: { readonly clock: number; readonly processor: number }, unit = ' s') =>
    `${clock.toFixed(2)}${unit} (processor ${processor.toFixed(2)}${unit})`;
  return [
    `${model} beside ${reference}, medians of ${rounds} rounds`,
    ...clips.map(
      ({ clip, looks, ours, reference: theirs, ratio: own, boxes }) =>
        `${clip}: ${looks} frames, ${times(ours)} to ${times(theirs)}, ratio ${times(own, '')}; ` +
        `${boxes.agreed} of ${boxes.reference} boxes of 0.3 agree, ${boxes.ours} here`,
    ),
    `ratio ${times(ratio, '')}`,
    '',
  ].join('\n');
}

function describeTags({ model, clips, accuracy, standardError, folds, mistakes }: Esc10TagsResult): string {
  return [
    `${model}: accuracy ${percent(accuracy)} of ${clips} clips, standard error ${(100 * standardError).toFixed(1)} points`,
    ...folds.map(({ fold, clips: own, accuracy: part }) => `fold ${fold}: ${percent(part)} of ${own} clips`),
    ...mistakes.map(({ clip, of, heard }) => `${clip}: ${of}, heard as ${heard}`),
    '',
  ].join('\n');
}

function describeProbe({ model, scores }: Esc10ProbeResult): string {
  const lines = scores.flatMap(({ vectors, accuracy, folds, few }) => [
    `${model}, vectors ${vectors}: ${(100 * accuracy).toFixed(2)} %, by folds ${folds.map(({ accuracy: part }) => (100 * part).toFixed(2)).join(', ')}`,
    ...few.map(({ labelledAClass, ways }) =>
      [
        `${labelledAClass} a class`,
        ...Object.entries(ways).map(
          ([way, { accuracy: part, standardError }]) =>
            `${way} ${percent(part)} (standard error ${(100 * standardError).toFixed(1)})`,
        ),
      ].join('; '),
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

function describe({ accuracy, logLoss, folds, confusion, published, columns }: Esc10Result): string {
  const width = Math.max(...confusion.classes.map((name) => name.length));
  return [
    `accuracy ${percent(accuracy)}, log loss ${logLoss.toFixed(4)}, ${columns} columns`,
    ...folds.map(({ fold, clips, accuracy: part }) => `fold ${fold}: ${percent(part)} of ${clips} clips`),
    `published: ${Object.entries(published)
      .map(([name, part]) => `${name} ${percent(part)}`)
      .join(', ')}`,
    ...confusion.counts.map(
      (row, i) =>
        `${(confusion.classes[i] ?? '').padEnd(width)} ${row.map((count) => String(count).padStart(3)).join('')}`,
    ),
    '',
  ].join('\n');
}
