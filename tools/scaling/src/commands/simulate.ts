import { parseArgs } from 'node:util';
import { profiles, UsageError } from '@primatrix/contracts';
import { describeDay } from '../describe-day.ts';
import { measurementsOf, readMeasurements } from '../measurements.ts';
import { planOf, type Cascade } from '../plan.ts';
import { dayNames } from '../simulation/arrivals.ts';
import { simulateDay, type SimulateDayOptions } from '../simulate-day.ts';
import { choiceOption, numberOption } from './options.ts';

const sizes = ['peak', 'day'] as const;

const simulateHelp = `Usage: nx run scaling:simulate -- --clips-per-day <n> [options]

The fleet for so many clips a day, by arithmetic on measured costs, and how it fares on a virtual clock. The same seed gives the same bytes.

  --clips-per-day <n>        clips that come in
  --profile <name>           whose committed measurements: laptop (default), competition
  --measurements <file>      others, as \`measure\` writes them
  --day <name>               when cards come: office (default), flat
  --card <n>                 clips that come in together, mean; default 500
  --size <for>               workers for the busiest hour (peak, default) or for the mean of the day (day)
  --utilisation <share>      share of their time in which workers shall work; default 0.7
  --p95 <seconds>            add workers until 95 % of the clips are predicted so long after their card came
  --workers <name=n,...>     workers of these queues; --joiners <n>, --brokers <n> likewise (clips are shared out by their hash)
  --decode-once              all feature families in one process
  --colocate                 nets where their features are made
  --cascade <names=share>    of so many clips, only these stages and what they need
  --deaths-per-hour <n>      of a worker, while it works; default 0
  --stragglers <share>x<n>   so many pieces of work take n times as long
  --clips <n>                most clips to simulate; default 20000
  --keep-days <n>            days that tensors are kept; default 7
  --seed <n>                 default 1
  --json                     one JSON object

Examples:
  nx run scaling:simulate -- --clips-per-day 1000000
  nx run scaling:simulate -- --clips-per-day 10000 --p95 3600 --profile competition
  nx run scaling:simulate -- --clips-per-day 100000000 --colocate --brokers 8 --cascade image-hash,net-imagehash-gru=0.5 --json
`;

/** @returns the exit status: 1 where --p95 is not reached */
export async function runSimulate(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      'clips-per-day': text,
      profile: { ...text, default: 'laptop' },
      measurements: text,
      day: { ...text, default: 'office' },
      card: { ...text, default: '500' },
      size: { ...text, default: 'peak' },
      utilisation: { ...text, default: '0.7' },
      p95: text,
      workers: text,
      joiners: text,
      brokers: text,
      'decode-once': flag,
      colocate: flag,
      cascade: text,
      'deaths-per-hour': { ...text, default: '0' },
      stragglers: text,
      clips: { ...text, default: '20000' },
      'keep-days': { ...text, default: '7' },
      seed: { ...text, default: '1' },
      json: flag,
      help: flag,
    },
  });
  if (values.help) {
    process.stdout.write(simulateHelp);
    return 0;
  }
  const perDay = values['clips-per-day'];
  if (perDay === undefined) {
    throw new UsageError('SCALING_OPTION', 'scaling: simulate needs --clips-per-day <n>', {
      hint: 'nx run scaling:simulate -- --clips-per-day 1000000',
    });
  }
  const number = (name: keyof typeof values, rule: Parameters<typeof numberOption>[2]) =>
    numberOption(name, String(values[name]), rule);
  const optional = (name: keyof typeof values, rule: Parameters<typeof numberOption>[2]) =>
    values[name] === undefined ? undefined : number(name, rule);
  const measurements =
    values.measurements === undefined
      ? await measurementsOf(choiceOption('profile', values.profile, profiles))
      : await readMeasurements(values.measurements);
  const plan = planOf(measurements, {
    decodeOnce: values['decode-once'],
    colocate: values.colocate,
    cascade: values.cascade === undefined ? undefined : readCascade(values.cascade),
  });
  const stragglers = readStragglers(values.stragglers);
  const options: SimulateDayOptions = {
    plan,
    clipsPerDay: number('clips-per-day', { min: 1, max: 1e10, whole: true }),
    day: choiceOption('day', values.day, dayNames),
    card: number('card', { min: 1, whole: true }),
    size: choiceOption('size', values.size, sizes),
    utilisation: number('utilisation', { min: 0.01, max: 0.99 }),
    keepDays: number('keep-days', { min: 0 }),
    clips: number('clips', { min: 1, max: 1e6, whole: true }),
    seed: number('seed', { min: 0, max: 0xffffffff, whole: true }),
    p95: optional('p95', { min: 0 }),
    workers: readWorkers(
      values.workers,
      [...plan.stages, ...plan.tables].map(({ name }) => name),
    ),
    joiners: optional('joiners', { min: 1, whole: true }),
    brokers: optional('brokers', { min: 1, whole: true }),
    mishaps: {
      deathsPerHour: number('deaths-per-hour', { min: 0 }),
      ackWaitSeconds: 30,
      restartSeconds: 30,
      ...stragglers,
    },
  };
  const result = simulateDay(options);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...options, plan: plan.profile, ...result }, null, 2)}\n`
      : describeDay(options, result),
  );
  return result.reached ? 0 : 1;
}

function readCascade(text: string): Cascade {
  const [names = '', share = ''] = text.split('=');
  return {
    stages: names.split(',').filter((name) => name !== ''),
    share: numberOption('cascade', share, { min: 0, max: 1 }),
  };
}

function readStragglers(text: string | undefined): { stragglers: number; stragglerFactor: number } {
  if (text === undefined) return { stragglers: 0, stragglerFactor: 1 };
  const [share = '', factor = ''] = text.split('x');
  return {
    stragglers: numberOption('stragglers', share, { min: 0, max: 1 }),
    stragglerFactor: numberOption('stragglers', factor, { min: 1 }),
  };
}

function readWorkers(text: string | undefined, known: readonly string[]): Record<string, number> {
  const workers: Record<string, number> = {};
  for (const entry of (text ?? '').split(',').filter((one) => one !== '')) {
    const [name = '', count = ''] = entry.split('=');
    choiceOption('workers', name, known);
    workers[name] = numberOption('workers', count, { min: 1, whole: true });
  }
  return workers;
}
