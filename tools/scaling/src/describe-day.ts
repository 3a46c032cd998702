import { longestBacklogHours, peakFactor } from './simulation/arrivals.ts';
import type { Quantiles } from './simulation/quantiles.ts';
import type { SimulateDayOptions, SimulatedDay } from './simulate-day.ts';

/** A fleet and how it fared, for people. */
export function describeDay(
  options: SimulateDayOptions,
  { fleet, workers, joiners, brokers, wholeDay, simulated, busiest, reached }: SimulatedDay,
): string {
  const { plan, clipsPerDay, day, card, size, utilisation, keepDays, p95 } = options;
  const { broker, storage } = fleet;
  const { stations } = simulated;
  const rows = Object.entries({ ...workers, joiner: joiners }).map(([name, count]) => {
    const stage = fleet.stages.find((one) => one.name === name);
    const fared = stations[name];
    return [
      name,
      figure(count),
      stage === undefined ? '' : figure(stage.secondsPerClip * stage.share),
      stage === undefined ? '' : figure(stage.busyCores),
      percent(fared?.utilisation ?? 0),
      figure(fared?.meanQueue ?? 0),
      figure(fared?.longestQueue ?? 0),
    ];
  });
  const shares = Object.entries(stations)
    .filter(([name]) => name.startsWith('broker'))
    .map(([, fared]) => percent(fared.utilisation));
  return [
    `${figure(clipsPerDay)} clips a day, profile ${plan.profile}, day '${day}', cards of ${card} clips on average; workers for the ${size === 'peak' ? `busiest hour (${figure(peakFactor(day))} times the mean)` : 'mean of the day'} at ${percent(utilisation)}`,
    '',
    table(['queue', 'workers', 's a clip', 'cores busy', 'utilisation', 'mean queue', 'longest'], rows),
    '',
    `cores        ${figure(fleet.cores)} to rent at ${figure(fleet.clipsPerSecond)} clips a second`,
    `broker       ${figure(broker.operationsPerClip)} operations a clip, ${figure(broker.operationsPerSecond)} a second: ${percent(broker.shareOfCapacity)} of what one does on one core (${figure(plan.operationsPerSecond)}); ${brokers} simulated, busy ${[...new Set(shares)].join(', ')}`,
    `             one broker is full at ${figure((plan.operationsPerSecond / broker.operationsPerClip) * 86_400)} clips a day, evenly spread`,
    `             the announcements that it keeps reach ${figure(broker.newsSeconds)} s back`,
    `states       ${figure(broker.stateOperationsPerDay)} reads and writes a day`,
    `tensors      ${bytes(storage.writtenBytesPerDay)} written a day, ${bytes(storage.networkBytesPerDay)} written and read; ${bytes(storage.keptBytes)} kept over ${keepDays} days`,
    ...(size === 'day'
      ? [
          `backlog      the last clip of the busy hours waits ${figure(longestBacklogHours(day, 1 / utilisation))} h at most, by arithmetic`,
        ]
      : []),
    '',
    `simulated    ${figure(simulated.clips)} clips, ${wholeDay ? 'a whole day' : 'from the busiest hour on'}; ${figure(simulated.seconds)} s on the virtual clock`,
    `under way    ${times(simulated.underWay)}`,
    `recorded     ${times(simulated.record)}  (since the card came)`,
    `predicted    ${times(simulated.predicted)}  (since the card came)`,
    `busiest      ${busiest}, ${percent(stations[busiest]?.utilisation ?? 0)} of its time`,
    ...(reached ? [] : [`not reached  95 % within ${p95} s: more workers do not help`]),
    '',
  ].join('\n');
}

function times({ p50, p95, p99 }: Quantiles): string {
  return `half within ${figure(p50)} s, 95 % within ${figure(p95)} s, 99 % within ${figure(p99)} s`;
}

/** Three digits that count; whole numbers in full. */
export function figure(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** Bytes in units of 1,000. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  return `${figure(count / 1000 ** unit)} ${units[unit]}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
