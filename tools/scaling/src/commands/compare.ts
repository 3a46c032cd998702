import { parseArgs } from 'node:util';
import { UsageError } from '@primatrix/contracts';
import { compareFleets } from '../compare.ts';
import { figure } from '../describe-day.ts';
import { readMeasurements } from '../measurements.ts';
import { numberOption } from './options.ts';

const compareHelp = `Usage: nx run scaling:compare -- --bundle <dir> --measurements <file> [options]

A real fleet on one core of this machine (taskset), first level, beside what the simulation says of it.

  --bundle <dir>           a bundle that train made
  --measurements <file>    what \`measure\` wrote of this bundle, with the same clips, on this machine
  --clips <dir>            default data/sample/clips; --limit <n> as in \`measure\`
  --workers <n>            processes a family; default 1
  --count <n>              clips to ask for; default 60
  --per-second <n>         clips a second, Poisson; default: all at once
  --seed <n>               default 1
  --json                   one JSON object

Example:
  nx run scaling:compare -- --bundle artifacts/sample/bundle --measurements laptop.json --workers 2
`;

export async function runCompare(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      bundle: text,
      measurements: text,
      clips: { ...text, default: 'data/sample/clips' },
      limit: text,
      workers: { ...text, default: '1' },
      count: { ...text, default: '60' },
      'per-second': text,
      seed: { ...text, default: '1' },
      json: flag,
      help: flag,
    },
  });
  if (values.help) {
    process.stdout.write(compareHelp);
    return 0;
  }
  const { bundle, measurements, clips, limit, workers, count, seed, 'per-second': perSecond } = values;
  if (bundle === undefined || measurements === undefined) {
    throw new UsageError('SCALING_OPTION', 'scaling: compare needs --bundle <dir> and --measurements <file>');
  }
  const { core, real, simulated, error } = await compareFleets({
    bundle,
    measurements: await readMeasurements(measurements),
    clips,
    limit: limit === undefined ? undefined : numberOption('limit', limit, { min: 1, whole: true }),
    workers: numberOption('workers', workers, { min: 1, max: 64, whole: true }),
    count: numberOption('count', count, { min: 1, max: 500, whole: true }),
    perSecond: perSecond === undefined ? undefined : numberOption('per-second', perSecond, { min: 1e-6 }),
    seed: numberOption('seed', seed, { min: 0, max: 0xffffffff, whole: true }),
  });
  const line = (name: string, a: number, b: number, off: number) =>
    `${name.padEnd(16)} ${figure(a).padStart(8)} ${figure(b).padStart(10)} ${`${off < 0 ? '' : '+'}${(100 * off).toFixed(0)} %`.padStart(7)}\n`;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ core, real, simulated, error }, null, 2)}\n`
      : `${figure(core)} of a core\n${''.padEnd(16)}     real  simulated   error\n${line('CPU s a clip', real.cpuSecondsPerClip, simulated.cpuSecondsPerClip, error.cpuSecondsPerClip)}${line('clips a second', real.clipsPerSecond, simulated.clipsPerSecond, error.clipsPerSecond)}${line('seconds, p50', real.underWay.p50, simulated.underWay.p50, error.p50)}${line('seconds, p95', real.underWay.p95, simulated.underWay.p95, error.p95)}`,
  );
  return 0;
}
