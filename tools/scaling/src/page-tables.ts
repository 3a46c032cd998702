import { bytes, figure } from './describe-day.ts';
import { fleetFor, type Fleet } from './fleet.ts';
import type { Measurements } from './measurements.ts';
import { planOf, type Plan } from './plan.ts';

/** Clips a day that the page speaks of. */
const steps = [10_000, 1_000_000, 100_000_000];
const stepNames = ['10,000', '1 million', '100 million'];
/** Workers that are done with the day's clips at its end, working 70 % of the time. */
const sizing = { day: 'flat', size: 'day', utilisation: 0.7, keepDays: 7 } as const;

/** The tables of docs/scaling.md, as Markdown: each figure follows from the measurements by the arithmetic that the page gives. */
export function pageTables(measurements: readonly Measurements[]): string {
  return measurements.map(tablesOf).join('\n\n');
}

function tablesOf(measurements: Measurements): string {
  const { profile, machine, clips, parts, exchange } = measurements;
  const plan = planOf(measurements);
  const fleets = steps.map((clipsPerDay) => fleetFor(plan, { clipsPerDay, ...sizing }));
  const [one] = fleets as [Fleet];
  const rounds = [...new Set(parts.map((part) => part.rounds))].sort((a, b) => a - b);
  const stages = one.stages.map((stage, i) => [
    stage.name,
    seconds(stage.secondsPerClip),
    seconds(stage.cpuSecondsPerClip),
    kilobytes(stage.readBytes),
    kilobytes(stage.writtenBytes),
    ...fleets.map((fleet) => count(fleet.stages[i]?.workers ?? 0)),
  ]);
  const rows = [
    ...stages,
    ['joiner', '', seconds(exchange.joinerCpuSeconds), '', '', ...fleets.map(({ joiners }) => count(joiners))],
    [
      '**together**',
      '',
      `**${seconds(one.stages.reduce((sum, stage) => sum + stage.cpuSecondsPerClip, exchange.joinerCpuSeconds))}**`,
      kilobytes(total(one, 'readBytes')),
      kilobytes(total(one, 'writtenBytes')),
      ...fleets.map(({ cores }) => `**${count(cores)} ${cores === 1 ? 'core' : 'cores'}**`),
    ],
  ];
  const traffic = (...kinds: string[]) => kinds.reduce((sum, kind) => sum + (exchange.traffic[kind]?.bytes ?? 0), 0);
  const figures = [
    ['clips a second', ...fleets.map(({ clipsPerSecond }) => figure(clipsPerSecond))],
    [
      `broker operations a second (${figure(one.broker.operationsPerClip)} a clip)`,
      ...fleets.map(({ broker }) => count(broker.operationsPerSecond)),
    ],
    [
      `of what a broker does on one core (${count(plan.operationsPerSecond)} a second)`,
      ...fleets.map(({ broker }) => `${figure(100 * broker.shareOfCapacity)} %`),
    ],
    ['state operations a day', ...fleets.map(({ broker }) => millions(broker.stateOperationsPerDay))],
    ['announcements kept reach back', ...fleets.map(({ broker }) => period(Math.min(broker.newsSeconds, 7 * 86_400)))],
    [
      "written to the broker's disk, mean",
      ...fleets.map(
        ({ clipsPerSecond }) =>
          `${bytes(clipsPerSecond * traffic('requests', 'announcements', 'stateWrites', 'answersKept'))}/s`,
      ),
    ],
    ['answers kept for 7 days', ...fleets.map(({ clipsPerDay }) => bytes(7 * clipsPerDay * traffic('answersKept')))],
    ['tensors written a day', ...fleets.map(({ storage }) => bytes(storage.writtenBytesPerDay))],
    ['kept for 7 days', ...fleets.map(({ storage }) => bytes(storage.keptBytes))],
    [
      'tensors over the network, mean',
      ...fleets.map(({ storage }) => `${bytes(storage.networkBytesPerDay / 86_400)}/s`),
    ],
    [
      'clips read, mean',
      ...fleets.map(({ clipsPerSecond }) => `${bytes(clipsPerSecond * clipReads(plan) * meanBytes(clips))}/s`),
    ],
  ];
  return [
    `**Profile \`${profile}\`** (${clips.length} clips; fastest of ${rounds.join(' to ')} rounds; ${machine.cores} cores, ${machine.processor}, Node ${machine.node}, ${machine.broker}):`,
    '',
    markdown(['queue', 's', 'CPU s', 'reads kB', 'writes kB', ...stepNames.map((name) => `workers, ${name}`)], rows),
    '',
    markdown(['', ...stepNames], figures),
  ].join('\n');
}

/** Ingest and each feature family read the clip. */
function clipReads({ stages }: Plan): number {
  return stages.filter(
    ({ needs }, _, all) =>
      needs.length === 0 || needs.every((need) => all.find(({ name }) => name === need)?.needs.length === 0),
  ).length;
}

function meanBytes(clips: Measurements['clips']): number {
  return clips.reduce((sum, clip) => sum + clip.bytes, 0) / clips.length;
}

function total({ stages }: Fleet, of: 'readBytes' | 'writtenBytes'): number {
  return stages.reduce((sum, stage) => sum + stage[of], 0);
}

function seconds(value: number): string {
  return value >= 10 ? value.toFixed(1) : value >= 0.1 ? value.toFixed(2) : value.toFixed(4);
}

function kilobytes(value: number): string {
  return value === 0 ? '' : figure(value / 1000);
}

function count(value: number): string {
  return value < 10 ? figure(value) : Math.round(value).toLocaleString('en-US');
}

function period(seconds: number): string {
  if (seconds >= 86_400) return `${figure(seconds / 86_400)} days`;
  return seconds >= 3600 ? `${figure(seconds / 3600)} h` : `${figure(seconds)} s`;
}

function millions(value: number): string {
  return `${figure(value / 1e6)} million`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
