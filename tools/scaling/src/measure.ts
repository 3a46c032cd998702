import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError, type ClipMetadata, type Profile } from '@primatrix/contracts';
import { discoverFamilies, prepareFamilies } from '@primatrix/families';
import { digestOf, writeFileAtomic } from '@primatrix/files';
import { JetStreamBus } from '@primatrix/messaging';
import { measureThroughput } from '@primatrix/messaging/bench';
import { bundleFile, familiesOfBundle, readBundle } from '@primatrix/prediction';
import { Requester, ClipCache, bundleParts, openAnswers, type WorkResult } from '@primatrix/services';
import { openTensorStore } from '@primatrix/tensor-store';
import { startNatsServer, workspaceRoot } from '@primatrix/testkit';
import { describeMachine } from './machine.ts';
import { fasterPart, fasterPieces } from './faster-pieces.ts';
import { measurePart, measureTogether } from './measure-parts.ts';
import { measureExchange } from './measure-exchange.ts';
import { measuredClips, type MeasuredClip } from './measured-clips.ts';
import { measureSecondLevel } from './measure-second-level.ts';
import type { Exchange, MeasuredPart, Measurements } from './measurements.ts';
import { writeUntrainedBundle } from './untrained-bundle.ts';

/** What is measured, with which bundle, over which clips. */
export interface MeasureOptions {
  /** Folder of a trained bundle; undefined: one of `profile` is made, untrained. */
  readonly bundle?: string | undefined;
  readonly profile: Profile;
  /** Folder of clips. */
  readonly clips: string;
  /** At most so many of them. */
  readonly limit?: number | undefined;
  /** Of the numeric engine: with more than one, threads that wait for each other burn processor time where other programs run. */
  readonly threads: number;
  /** How often each piece of work is done; the fastest counts, with those of earlier measurements. */
  readonly rounds: number;
  /** Folder for what is measured step by step: steps that are there are not measured again. */
  readonly work: string;
  /** Names of the steps to do now, again where they are there; undefined for all that are missing. */
  readonly only?: ReadonlySet<string> | undefined;
  readonly report: (line: string) => void;
}

/** Steps that are no part of a bundle. */
const steps = { together: 'together', second: 'second-level', exchange: 'exchange', bus: 'bus' } as const;

/**
 * Measures what a clip costs in each family: real services on a server of their own, one worker each and one after the
 * other, so that they do not disturb each other. Every step is kept in `work`, so a long measurement can be done in pieces.
 * @returns undefined while steps are missing
 * @throws UsageError MEASURE_CLIPS, MEASURE_STEP
 */
export async function measure({
  profile,
  clips: clipFolder,
  limit,
  threads,
  rounds,
  work,
  only,
  report,
  ...options
}: MeasureOptions): Promise<Measurements | undefined> {
  await mkdir(work, { recursive: true });
  const families = await discoverFamilies(pathToFileURL(join(workspaceRoot(), 'apps/primatrix/package.json')));
  const context = { weightsDir: join(work, 'no-weights'), threads, device: 'cpu' as const };
  const bundle = options.bundle ?? join(work, 'bundle');
  if (options.bundle === undefined && !existsSync(join(bundle, bundleFile))) {
    report(`untrained bundle of the profile ${profile}`);
    await writeUntrainedBundle(bundle, profile, families, context);
  }
  const { manifest, digest } = await readBundle(bundle);
  const parts = bundleParts(manifest);
  const first = parts.filter(({ stage }) => stage === 'ingest' || stage === 'features' || stage === 'nets');
  const known = [...first.map(({ name }) => name), ...Object.values(steps)];
  const unknown = [...(only ?? [])].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError('MEASURE_STEP', `measure: there is no step '${unknown}'`, {
      hint: `steps: ${known.join(', ')}`,
    });
  }
  const clips = await measuredClips(clipFolder, limit, report);
  const key = digestOf({ digest, threads, clips: clips.map(({ ref }) => ref.sha256) }).slice(0, 12);
  const place = (name: string) => join(work, `${key}-${name}.json`);
  const kept = async <T>(name: string) =>
    readFile(place(name), 'utf8').then(
      (text) => JSON.parse(text) as T,
      () => undefined,
    );
  /** Does a step that is wanted, or takes what is kept of it; `better` chooses where there are both. */
  const step = async <T>(
    name: string,
    make: () => Promise<T>,
    better: (before: T, now: T) => T,
  ): Promise<T | undefined> => {
    const before = await kept<T>(name);
    if (only === undefined ? before !== undefined : !only.has(name)) return before;
    report(name);
    const now = await make();
    const made = before === undefined ? now : better(before, now);
    await writeFileAtomic(place(name), JSON.stringify(made));
    return made;
  };

  await using server = await startNatsServer();
  await using bus = await JetStreamBus.connect(server.url);
  const machine = describeMachine();
  const bench = await step(
    steps.bus,
    async () => ({ machine, ...(await measureThroughput(bus, 'scaling', { messages: 30_000 })) }),
    (before, now) => (before.messagesPerSecond > now.messagesPerSecond ? before : now),
  );
  const records = await openAnswers(bus);
  await using requester = new Requester(bus, records, 'measure', {
    bundle: digest,
    datasetId: 'scaling',
    producer: { name: '@primatrix/scaling', version: '0.1.0', modelDigest: null },
  });
  const store = await openTensorStore(resolve(work, 'store'), bus.connection);
  const common = {
    bundle,
    manifest,
    families,
    context,
    store,
    cache: new ClipCache({ folder: join(work, 'clips') }),
    url: server.url,
    records,
    requester,
    clips,
    rounds,
  };
  const ingest = first[0]?.name ?? '';
  const answers: Record<string, (WorkResult | undefined)[]> = {};
  const measured: MeasuredPart[] = [];
  for (const part of first) {
    const done = await step(
      part.name,
      () => measurePart(part, answers, ingest, common),
      (before, now) => ({ ...now, measured: fasterPart(before.measured, now.measured) }),
    );
    if (done === undefined) continue;
    // JSON has no undefined.
    answers[part.name] = done.answered.map((answer) => answer ?? undefined);
    measured.push(done.measured);
  }
  const together = await step(steps.together, () => measureTogether(first, answers, ingest, common), fasterPart);
  // Building a library must not be taken for the second level's work.
  await prepareFamilies(familiesOfBundle(families, manifest));
  const secondLevel = await step(
    steps.second,
    () => measureSecondLevel(common),
    (before, now) =>
      now.map((table, i) => ({
        ...table,
        pieces: fasterPieces(before[i]?.pieces ?? [], table.pieces) as typeof table.pieces,
      })),
  );
  const whole = measured.length === first.length;
  const exchange = whole
    ? await step<Exchange>(
        steps.exchange,
        () => measureExchange({ server, store: resolve(work, 'store'), bundle, manifest, digest, clips, answers }),
        (before, now) => (before.brokerCpuSeconds < now.brokerCpuSeconds ? before : now),
      )
    : undefined;
  if (!whole || secondLevel === undefined || exchange === undefined || bench === undefined) return undefined;
  return {
    schema: 1,
    profile: manifest.profile,
    untrained: options.bundle === undefined,
    machine: bench.machine,
    threads,
    clips: clips.map((clip, index) =>
      describeClip(clip, answers[ingest]?.[index]?.facts?.['metadata'] as ClipMetadata),
    ),
    parts: measured,
    ...(together === undefined ? {} : { together }),
    secondLevel,
    exchange,
    bus: { messagesPerSecond: Math.round(bench.messagesPerSecond), messageBytes: bench.messageBytes },
  };
}

function describeClip(
  { ref }: MeasuredClip,
  { durationSeconds, frames, width, height }: ClipMetadata,
): Measurements['clips'][number] {
  return { seconds: durationSeconds, frames, width, height, bytes: ref.bytes };
}
