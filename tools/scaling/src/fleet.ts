import { brokerWork, meanPiece, shareOf, stagesPerClip, type Plan } from './plan.ts';
import { peakFactor, type Day } from './simulation/arrivals.ts';

const daySeconds = 86_400;
/** Announcements that the broker keeps at most, and for how long (`@primatrix/messaging`). */
const newsKept = 1_000_000;

/** What a queue needs. */
interface FleetStage {
  readonly name: string;
  /** By the clock, a clip that comes to it; all clips: times `share`. */
  readonly secondsPerClip: number;
  readonly cpuSecondsPerClip: number;
  readonly share: number;
  readonly workers: number;
  /** Cores that are busy on average over the day. */
  readonly busyCores: number;
  /** Bytes of tensors a clip. */
  readonly writtenBytes: number;
  readonly readBytes: number;
}

/** A fleet and its traffic, by arithmetic. */
export interface Fleet {
  readonly clipsPerDay: number;
  /** What the workers are counted for. */
  readonly clipsPerSecond: number;
  readonly stages: readonly FleetStage[];
  readonly joiners: number;
  readonly brokers: number;
  /** Cores to rent: those busy at that rate, over the utilisation. */
  readonly cores: number;
  readonly broker: {
    readonly operationsPerClip: number;
    readonly operationsPerSecond: number;
    readonly shareOfCapacity: number;
    readonly stateOperationsPerDay: number;
    /** How far back the announcements reach that are kept: a joiner that is further behind loses some. */
    readonly newsSeconds: number;
  };
  readonly storage: {
    readonly writtenBytesPerDay: number;
    readonly networkBytesPerDay: number;
    readonly keptBytes: number;
  };
}

export interface FleetOptions {
  readonly clipsPerDay: number;
  readonly day: Day;
  /** `peak`: workers keep up in the busiest hour; `day`: they are done by the next morning. */
  readonly size: 'peak' | 'day';
  /** Share of their time in which workers shall work, 0 to 1. */
  readonly utilisation: number;
  /** Days that tensors are kept. */
  readonly keepDays: number;
}

/** Counts workers, cores, messages and bytes. */
export function fleetFor(plan: Plan, { clipsPerDay, day, size, utilisation, keepDays }: FleetOptions): Fleet {
  const perSecond = clipsPerDay / daySeconds;
  const clipsPerSecond = perSecond * (size === 'peak' ? peakFactor(day) : 1);
  const workersFor = (seconds: number) => Math.max(1, Math.ceil((clipsPerSecond * seconds) / utilisation));
  const stages = plan.stages.map((stage): FleetStage => {
    const { seconds, cpuSeconds, writtenBytes, readBytes } = meanPiece(stage);
    const share = shareOf(plan, stage.name);
    return {
      name: stage.name,
      secondsPerClip: seconds,
      cpuSecondsPerClip: cpuSeconds,
      share,
      workers: workersFor(seconds * share),
      busyCores: perSecond * cpuSeconds * share,
      writtenBytes,
      readBytes,
    };
  });
  for (const { name, rows, piece } of plan.tables) {
    const of = (total: number) => total / rows;
    stages.push({
      name,
      secondsPerClip: of(piece.seconds),
      cpuSecondsPerClip: of(piece.cpuSeconds),
      share: 1,
      workers: workersFor(of(piece.seconds)),
      busyCores: perSecond * of(piece.cpuSeconds),
      writtenBytes: of(piece.writtenBytes),
      readBytes: of(piece.readBytes),
    });
  }
  const passed = stagesPerClip(plan);
  const { operations, announcements, stateReads, stateWrites, answersKept } = brokerWork(passed);
  const joinerSeconds = plan.joinerSeconds * (passed + 2);
  const operationsPerSecond = clipsPerSecond * operations;
  const cpuSeconds = stages.reduce(
    (sum, { cpuSecondsPerClip, share }) => sum + cpuSecondsPerClip * share,
    joinerSeconds,
  );
  const bytes = (of: (stage: FleetStage) => number) =>
    clipsPerDay * stages.reduce((sum, stage) => sum + of(stage) * stage.share, 0);
  const writtenBytesPerDay = bytes(({ writtenBytes }) => writtenBytes);
  return {
    clipsPerDay,
    clipsPerSecond,
    stages,
    joiners: workersFor(joinerSeconds),
    brokers: workersFor(operations / plan.operationsPerSecond),
    cores: Math.ceil((clipsPerSecond * cpuSeconds) / utilisation),
    broker: {
      operationsPerClip: operations,
      operationsPerSecond,
      shareOfCapacity: operationsPerSecond / plan.operationsPerSecond,
      stateOperationsPerDay: clipsPerDay * (stateReads + stateWrites + answersKept),
      newsSeconds: newsKept / (clipsPerSecond * announcements),
    },
    storage: {
      writtenBytesPerDay,
      networkBytesPerDay: writtenBytesPerDay + bytes(({ readBytes }) => readBytes),
      keptBytes: writtenBytesPerDay * keepDays,
    },
  };
}
