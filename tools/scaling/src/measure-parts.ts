import type { ClipMetadata, Message } from '@primatrix/contracts';
import { JetStreamBus, type Records } from '@primatrix/messaging';
import {
  openParts,
  startService,
  type Requester,
  type BundlePart,
  type OpenPartsOptions,
  type WorkResult,
} from '@primatrix/services';
import { fasterPieces } from './faster-pieces.ts';
import type { MeasuredClip } from './measured-clips.ts';
import type { MeasuredPart, Piece } from './measurements.ts';
import { countingStore, cpuSeconds, recordedPart, rounded, type RecordedWork } from './recorded-part.ts';

/** What the parts of the first level answered of the clips, in the clips' order; undefined where they were not asked. */
export type Answers = Readonly<Record<string, readonly (WorkResult | undefined)[]>>;

export interface MeasurePartsOptions extends Omit<OpenPartsOptions, 'only'> {
  /** Of the server. */
  readonly url: string;
  readonly records: Records<Message>;
  readonly requester: Requester;
  readonly clips: readonly MeasuredClip[];
  /** How often each piece of work is done; the fastest counts. */
  readonly rounds: number;
}

/** The payload of a request as the joiner would make it; undefined where there is nothing to ask. */
function payloadFor(
  part: BundlePart,
  clip: MeasuredClip,
  index: number,
  answers: Answers,
  ingest: string,
): Message['payload'] | undefined {
  const files = { clip: clip.ref };
  if (part.stage === 'ingest') return { tensors: {}, files };
  if (part.stage === 'features') {
    const metadata = answers[ingest]?.[index]?.facts?.['metadata'] as ClipMetadata | undefined;
    return metadata === undefined ? undefined : { tensors: {}, files, filename: clip.filename, metadata };
  }
  const features = answers[part.reads ?? '']?.[index]?.tensors?.['features'];
  return features === undefined ? undefined : { tensors: { features }, files: {} };
}

/** Has one service do all clips, one after the other, and that several times over. */
export async function measurePart(
  part: BundlePart,
  answers: Answers,
  ingest: string,
  options: MeasurePartsOptions,
): Promise<{ measured: MeasuredPart; answered: (WorkResult | undefined)[] }> {
  const { requester, clips, url, records } = options;
  const store = countingStore(options.store);
  let last: RecordedWork | undefined;
  await using bus = await JetStreamBus.connect(url);
  const [served] = await openParts({ ...options, store, only: new Set([part.family]) });
  if (served === undefined) throw new Error(`scaling: ${part.family} is no part of the bundle`);
  const service = await startService(
    recordedPart(served, store, (work) => (last = work)),
    { bus, answers: records },
  );
  const ask = async (index: number, round: number): Promise<RecordedWork | undefined> => {
    const clip = clips[index] as MeasuredClip;
    const payload = payloadFor(part, clip, index, answers, ingest);
    if (payload === undefined) return undefined;
    const { stage, family, name, release } = part;
    await requester.ask({
      stage,
      family,
      part: name,
      release,
      clipId: clip.ref.sha256,
      payload,
      inputs: { round, index },
    });
    return last;
  };
  try {
    const answered: (WorkResult | undefined)[] = [];
    const fastest = await fastestOf(options.rounds, clips.length, async (index, round) => {
      const work = await ask(index, round);
      answered[index] = work?.result;
      return work?.piece ?? null;
    });
    const { name, family, stage, reads } = part;
    return { measured: { name, family, stage, reads, ...fastest }, answered };
  } finally {
    await service.stop();
    await served.dispose();
  }
}

/** By clip, what the fastest round took. */
async function fastestOf(
  rounds: number,
  clips: number,
  work: (clip: number, round: number) => Promise<Piece | null>,
): Promise<Pick<MeasuredPart, 'rounds' | 'pieces'>> {
  let best: (Piece | null)[] = [];
  for (let round = 0; round < rounds; round++) {
    const pieces: (Piece | null)[] = [];
    for (let clip = 0; clip < clips; clip++) pieces.push(await work(clip, round));
    best = fasterPieces(best, pieces);
  }
  return { rounds, pieces: best };
}

/** All feature families in one process, asked for a clip at the same time. */
export async function measureTogether(
  parts: readonly BundlePart[],
  answers: Answers,
  ingest: string,
  options: MeasurePartsOptions,
): Promise<MeasuredPart> {
  const { requester, clips, url, records } = options;
  const store = countingStore(options.store);
  await using bus = await JetStreamBus.connect(url);
  const features = parts.filter(({ stage }) => stage === 'features');
  const opened = await openParts({ ...options, store, only: new Set(features.map(({ family }) => family)) });
  const services = await Promise.all(opened.map((served) => startService(served, { bus, answers: records })));
  const ask = async (index: number, round: number): Promise<Piece> => {
    const clip = clips[index] as MeasuredClip;
    const before = { cpu: cpuSeconds(), at: performance.now(), ...store.counted };
    await Promise.all(
      features.map(async (part) => {
        const payload = payloadFor(part, clip, index, answers, ingest);
        const { stage, family, name, release } = part;
        if (payload !== undefined) {
          await requester.ask({
            stage,
            family,
            part: name,
            release,
            clipId: clip.ref.sha256,
            payload,
            inputs: { round, index, together: true },
          });
        }
      }),
    );
    const seconds = (performance.now() - before.at) / 1000;
    const { readBytes, writtenBytes } = store.counted;
    return {
      seconds: rounded(seconds),
      cpuSeconds: rounded(cpuSeconds() - before.cpu),
      readBytes: readBytes - before.readBytes,
      writtenBytes: writtenBytes - before.writtenBytes,
    };
  };
  try {
    const fastest = await fastestOf(options.rounds, clips.length, ask);
    return { name: 'features together', family: 'all features', stage: 'features', reads: null, ...fastest };
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    for (const one of opened) await one.dispose();
  }
}
