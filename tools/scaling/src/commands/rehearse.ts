import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { profiles, UsageError, type Profile } from '@primatrix/contracts';
import { z } from 'zod';
import { rehearsedTraining, usualClassCounts } from '../rehearsal/rehearsed-training.ts';
import { rehearsalSteps } from '../rehearsal/steps.ts';
import { numberOption } from './options.ts';

const rehearseHelp = `Usage: nx run scaling:rehearse -- --out <dir> [options]

The competition's training at its size, without its video, over clips that do not exist: tables, indexes, folds, a few steps of each net,
neighbours, the joined table, a few rounds of one fold of each stacker, what it says of all other clips, site check, ensemble with submission,
bundle and report. Prints time, memory and disk of each step. A step that was measured into --out is not done again.

  --out <dir>            folder for what is made: about 15 GB at full size; may be removed afterwards
  --profile <name>       whose families and settings: laptop or competition (default)
  --clips <n>            default 451388
  --class-counts <csv>   class,count of labelled clips a line; default: 24 classes of falling counts
  --rounds <n>           rounds of trees and steps of nets; default 3
  --threads <n>          default 2
  --only <steps>         with commas between them; what they need must be there
  --list                 only name the steps

Example:
  nice -n 10 npx nx run scaling:rehearse -- --out /scratch/rehearsal --class-counts counts.csv
`;

const measuredSchema = z.object({
  seconds: z.number(),
  cpuSeconds: z.number(),
  /** Of the process. */
  peakGB: z.number(),
  /** Of that, what came with the step. */
  heldGB: z.number(),
  /** What the stage declares to hold; null where the step is none. */
  declaredGB: z.number().nullable(),
  /** Of a stacker's round after the first; null where there are no two. */
  roundCpuSeconds: z.number().nullable(),
});
const run = promisify(execFile);

/** @returns the exit status */
export async function runRehearse(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{
        out: text,
        profile: { ...text, default: 'competition' },
        clips: { ...text, default: '451388' },
        'class-counts': text,
        only: text,
      },
      ...{ rounds: { ...text, default: '3' }, threads: { ...text, default: '2' } },
      ...{ list: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    },
  });
  if (values.help) {
    process.stdout.write(rehearseHelp);
    return 0;
  }
  if (values.out === undefined) throw new UsageError('SCALING_OPTION', 'scaling: --out must name a folder');
  const size = {
    folder: resolve(values.out),
    profile: profileOption(values.profile),
    clips: numberOption('clips', values.clips, { min: 1_000, whole: true }),
    rounds: numberOption('rounds', values.rounds, { min: 1, whole: true }),
    threads: numberOption('threads', values.threads, { min: 1, whole: true }),
    classCounts: values['class-counts'] === undefined ? usualClassCounts : await readCounts(values['class-counts']),
  };
  const steps = rehearsalSteps(await rehearsedTraining({ ...size, clips: 1_000 }));
  if (values.list) {
    process.stdout.write(`${steps.map(({ name }) => name).join('\n')}\n`);
    return 0;
  }
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) {
    throw new UsageError('SCALING_OPTION', `scaling: --only: there is no step '${unknown}'`, {
      hint: `steps: ${steps.map(({ name }) => name).join(', ')}`,
    });
  }
  await mkdir(size.folder, { recursive: true });
  process.stdout.write(
    '| step | CPU s | s | peak GB | holds GB | declares GB | writes GB | |\n|---|---|---|---|---|---|---|---|\n',
  );
  for (const { name, note } of steps) {
    if (only !== undefined && !only.includes(name)) continue;
    const file = join(size.folder, `.measured-${name.replaceAll(':', '-')}.json`);
    const known = await readFile(file, 'utf8').catch(() => undefined);
    const measured = known === undefined ? await measure(name, size) : stepSchema.parse(JSON.parse(known));
    await writeFile(file, `${JSON.stringify(measured)}\n`);
    const { seconds, cpuSeconds, peakGB, heldGB, declaredGB, diskGB, roundCpuSeconds, rounds } = measured;
    const round = roundCpuSeconds === null ? '' : `, ${rounds} rounds, ${roundCpuSeconds.toFixed(1)} CPU s a round`;
    const memory = [peakGB.toFixed(2), heldGB.toFixed(2), declaredGB?.toFixed(2) ?? ''];
    const figures = [cpuSeconds.toFixed(0), seconds.toFixed(0), ...memory, diskGB.toFixed(2)];
    process.stdout.write(`| ${[name, ...figures, `${note}${round}`].join(' | ')} |\n`);
  }
  return 0;
}

const stepSchema = measuredSchema.extend({
  diskGB: z.number(),
  /** That stackers were to be fitted for. */
  rounds: z.number(),
});

async function measure(
  step: string,
  size: Parameters<typeof rehearsedTraining>[0],
): Promise<z.infer<typeof stepSchema>> {
  const before = await bytesBelow(size.folder);
  const program = fileURLToPath(new URL('../rehearsal-process.js', import.meta.url));
  const job = JSON.stringify({ step, size: { ...size, classCounts: [...size.classCounts] } });
  const { stdout } = await run(process.execPath, ['--max-old-space-size=16384', program, job]);
  const last = stdout.trim().split('\n').at(-1) ?? '';
  return {
    ...measuredSchema.parse(JSON.parse(last)),
    diskGB: ((await bytesBelow(size.folder)) - before) / 1e9,
    rounds: size.rounds,
  };
}

async function bytesBelow(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return sum;
}

function profileOption(value: string): Profile {
  const profile = profiles.find((name) => name === value);
  if (profile === undefined) {
    throw new UsageError('SCALING_OPTION', `scaling: --profile must be one of ${profiles.join(', ')}, got '${value}'`);
  }
  return profile;
}

async function readCounts(path: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const [name = '', held = ''] = line.trim().split(',');
    if (name !== '' && Number(held) > 0) counts.set(name, Number(held));
  }
  if (counts.size < 2) {
    throw new UsageError('SCALING_OPTION', `scaling: --class-counts must have lines of class,count, got ${path}`);
  }
  return counts;
}
