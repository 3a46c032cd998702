import { UsageError } from '@primatrix/contracts';
import type { MeasuredPart, Measurements, Piece } from './measurements.ts';

/** A queue of the first level and what a clip costs there. */
export interface PlanStage {
  readonly name: string;
  readonly needs: readonly string[];
  /** One a measured clip; null where a clip has nothing for it. */
  readonly pieces: readonly (Piece | null)[];
}

/** A queue of the second level: a table of many clips at once, all of a family's members. */
interface PlanTable {
  readonly name: string;
  readonly rows: number;
  readonly piece: Piece;
}

/** A cheap look first: the share of the clips that nothing else looks at after these stages. */
export interface Cascade {
  readonly stages: readonly string[];
  readonly share: number;
}

/** The way of a clip through the families, with what each costs. */
export interface Plan {
  readonly profile: string;
  /** Measured clips. */
  readonly clips: number;
  readonly stages: readonly PlanStage[];
  readonly tables: readonly PlanTable[];
  /** Processor seconds of the joiner for one message that it takes. */
  readonly joinerSeconds: number;
  /** What one broker does a second on one core: messages taken, handed out and acknowledged, states read and written. */
  readonly operationsPerSecond: number;
  readonly cascade?: Cascade;
}

/** Changes of the design. */
export interface PlanVariant {
  /** All feature families in one process, which decodes a clip once. */
  readonly decodeOnce?: boolean;
  /** Nets run where their features are made: these never leave the process. */
  readonly colocate?: boolean;
  readonly cascade?: Cascade | undefined;
}

/** @throws UsageError PLAN where the measurements lack what the variant wants */
export function planOf(
  measurements: Measurements,
  { decodeOnce = false, colocate = false, cascade }: PlanVariant = {},
): Plan {
  const { profile, threads, clips, exchange } = measurements;
  const undisturbed = (part: MeasuredPart): MeasuredPart => ({
    ...part,
    pieces: part.pieces.map((piece) => (piece === null ? null : alone(piece, threads))),
  });
  const parts = measurements.parts.map(undisturbed);
  const together = measurements.together === undefined ? undefined : undisturbed(measurements.together);
  if (decodeOnce && together === undefined) {
    throw new UsageError('PLAN', 'scaling: decoding once was not measured', { hint: 'measure with --only together' });
  }
  const ingest = parts.filter(({ stage }) => stage === 'ingest');
  const features =
    decodeOnce && together !== undefined ? [together] : parts.filter(({ stage }) => stage === 'features');
  const featureOf = (net: MeasuredPart) => (decodeOnce ? (together?.name ?? '') : (net.reads ?? ''));
  const nets = parts.filter(({ stage }) => stage === 'nets');
  const afterIngest = ingest.map(({ name }) => name);
  const stages: PlanStage[] = ingest.map(({ name, pieces }) => ({ name, needs: [], pieces }));
  for (const feature of features) {
    const own = colocate ? nets.filter((net) => featureOf(net) === feature.name) : [];
    stages.push({
      name: feature.name,
      needs: afterIngest,
      pieces: own.length === 0 ? feature.pieces : joined(feature, own),
    });
  }
  if (!colocate) for (const net of nets) stages.push({ name: net.name, needs: [featureOf(net)], pieces: net.pieces });
  const names = stages.map(({ name }) => name);
  const unknown = cascade?.stages.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError('PLAN', `scaling: there is no stage '${unknown}'`, { hint: `stages: ${names.join(', ')}` });
  }
  return {
    profile,
    clips: clips.length,
    stages,
    tables: tablesOf(
      measurements.secondLevel.map((member) => ({
        ...member,
        pieces: member.pieces.map((piece) => alone(piece, threads)),
      })),
    ),
    // It takes the request, each answer, and its own announcement.
    joinerSeconds: exchange.joinerCpuSeconds / (exchange.parts + 2),
    operationsPerSecond: brokerWork(exchange.parts).operations / exchange.brokerCpuSeconds,
    ...(cascade === undefined ? {} : { cascade: { ...cascade, stages: withNeeds(stages, cascade.stages) } }),
  };
}

/**
 * What a piece takes alone. With one thread that is no longer than its processor time, but for the disk: either the thread
 * computes, or the decoder that it waits for. What was measured by the clock is longer where other programs ran.
 */
function alone(piece: Piece, threads: number): Piece {
  return threads === 1 ? { ...piece, seconds: Math.min(piece.seconds, piece.cpuSeconds) } : piece;
}

/** What nets cost beside their features: these are neither stored nor read. */
function joined(feature: MeasuredPart, nets: readonly MeasuredPart[]): (Piece | null)[] {
  return feature.pieces.map((piece, clip) => {
    const own = nets.flatMap((net) => net.pieces[clip] ?? []);
    if (piece === null) return null;
    const sum = (of: (piece: Piece) => number) => own.reduce((total, one) => total + of(one), 0);
    const written = own.length === 0 ? piece.writtenBytes : sum((one) => one.writtenBytes);
    return {
      seconds: piece.seconds + sum((one) => one.seconds),
      cpuSeconds: piece.cpuSeconds + sum((one) => one.cpuSeconds),
      readBytes: 0,
      writtenBytes: written,
    };
  });
}

function withNeeds(stages: readonly PlanStage[], names: readonly string[]): string[] {
  const all = new Set(names);
  // Needs come before those that need them.
  for (const { name, needs } of [...stages].reverse()) if (all.has(name)) for (const need of needs) all.add(need);
  return [...all];
}

/** One queue a family: its members are asked one after the other. */
function tablesOf(secondLevel: Measurements['secondLevel']): PlanTable[] {
  const families = [...new Set(secondLevel.map(({ family }) => family))];
  return families.map((family) => {
    const members = secondLevel.filter((member) => member.family === family);
    const sum = (of: (piece: Piece) => number) =>
      members.reduce((total, { pieces }) => total + mean(pieces.map(of)), 0);
    const piece = {
      seconds: sum((one) => one.seconds),
      cpuSeconds: sum((one) => one.cpuSeconds),
      readBytes: sum((one) => one.readBytes),
      writtenBytes: sum((one) => one.writtenBytes),
    };
    return { name: family, rows: members[0]?.rows ?? 1, piece };
  });
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What a clip costs at a stage on average; clips that it has nothing of cost nothing. */
export function meanPiece({ pieces }: PlanStage): Piece {
  const of = (value: (piece: Piece) => number) => mean(pieces.map((piece) => (piece === null ? 0 : value(piece))));
  return {
    seconds: of((one) => one.seconds),
    cpuSeconds: of((one) => one.cpuSeconds),
    readBytes: of((one) => one.readBytes),
    writtenBytes: of((one) => one.writtenBytes),
  };
}

/** The share of the clips that come to a stage. */
export function shareOf({ cascade }: Plan, stage: string): number {
  return cascade === undefined || cascade.stages.includes(stage) ? 1 : 1 - cascade.share;
}

/** Stages that a clip passes, on average. */
export function stagesPerClip(plan: Plan): number {
  return plan.stages.reduce(
    (sum, { name, pieces }) =>
      sum + (shareOf(plan, name) * pieces.filter((piece) => piece !== null).length) / pieces.length,
    0,
  );
}

/**
 * What the broker does for a clip that passes so many stages, without what who asks for the second level adds (a few
 * messages for up to 1,024 clips). Each request and announcement is handed out once and acknowledged. A state is made,
 * changed by each answer (together, where several come at once) and removed; the answer to who asked is kept; who asks and the
 * joiner look for one first. A joiner remembers the states that it wrote: with several joiners some are read again.
 */
export function brokerWork(stages: number): {
  requests: number;
  announcements: number;
  stateWrites: number;
  answersKept: number;
  stateReads: number;
  operations: number;
} {
  const requests = stages + 1;
  const announcements = stages + 1;
  const stateWrites = stages + 2;
  const answersKept = 1;
  const stateReads = 2;
  return {
    requests,
    announcements,
    stateWrites,
    answersKept,
    stateReads,
    operations: requests + announcements + stateWrites + answersKept + stateReads,
  };
}
