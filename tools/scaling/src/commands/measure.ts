import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { profiles, UsageError } from '@primatrix/contracts';
import { writeFileAtomic } from '@primatrix/files';
import { workspaceRoot } from '@primatrix/testkit';
import { measure } from '../measure.ts';
import { choiceOption, numberOption } from './options.ts';

const measureHelp = `Usage: nx run scaling:measure -- [options]

What a clip costs in each family: real services on a NATS server of their own, one worker each and one after the other.

  --bundle <dir>       a bundle that train made
  --profile <name>     instead: a bundle of untrained nets of full size, without a second level (laptop, competition)
  --clips <dir>        clips to measure with; default data/sample/clips
  --limit <n>          at most so many of them
  --threads <n>        of the numeric engine in each worker; default 1
  --rounds <n>         each piece of work is done so often, and the fastest counts; default 3
  --only <names>       these steps alone, anew: parts of the bundle, together, second-level, exchange, bus
  --work <dir>         where steps are kept that are done; default artifacts/scaling
  --out <file>         measurements, once all steps are done

Examples:
  nx run scaling:measure -- --bundle artifacts/sample/bundle --out laptop.json
  nx run scaling:measure -- --profile competition --clips clips --limit 3 --rounds 1 --only vgg16
`;

/** @returns the exit status: 1 where steps are still missing */
export async function runMeasure(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      bundle: text,
      profile: text,
      clips: { ...text, default: 'data/sample/clips' },
      limit: text,
      threads: { ...text, default: '1' },
      rounds: { ...text, default: '3' },
      only: text,
      work: { ...text, default: join(workspaceRoot(), 'artifacts/scaling') },
      out: text,
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(measureHelp);
    return 0;
  }
  const { bundle, profile, clips, limit, only, work, out } = values;
  if ((bundle === undefined) === (profile === undefined)) {
    throw new UsageError('SCALING_OPTION', 'scaling: measure needs --bundle <dir> or --profile <name>, and not both');
  }
  const measurements = await measure({
    bundle,
    profile: choiceOption('profile', profile ?? 'laptop', profiles),
    clips,
    limit: limit === undefined ? undefined : numberOption('limit', limit, { min: 1, whole: true }),
    threads: numberOption('threads', values.threads, { min: 1, max: 256, whole: true }),
    rounds: numberOption('rounds', values.rounds, { min: 1, whole: true }),
    only: only === undefined ? undefined : new Set(only.split(',')),
    work,
    report: (line) => void process.stderr.write(`${line}\n`),
  });
  if (measurements === undefined) {
    process.stderr.write('steps are still missing: run the rest to get measurements\n');
    return 1;
  }
  const json = `${JSON.stringify(measurements)}\n`;
  if (out === undefined) process.stdout.write(json);
  else await writeFileAtomic(out, json);
  return 0;
}
