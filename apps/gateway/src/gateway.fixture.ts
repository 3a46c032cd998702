import { mkdir, writeFile } from 'node:fs/promises';
import type {
  BundleManifest,
  ClipPrediction,
  FirstLevelRecord,
  FirstLevelRecords,
  InputFile,
} from '@primatrix/prediction';
import { clipPageSchema, type ClipPage } from '@primatrix/review-api';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { encodeClip } from '@primatrix/video';
import { expect } from 'vitest';
import { bundleSource } from './prediction/source.ts';
import { workerOf } from './prediction/worker.fixture.ts';
import { ReviewProject } from './project/review-project.ts';
import type { Gateway } from './http/open-server.ts';
import { startGateway, type GatewayOptions } from './start-gateway.ts';

export const token = 'secret-token';
const classes = ['blank', 'leopard', 'duiker'];
const manifest = {
  classes,
  metadata: { family: 'video-ingest' },
  features: [],
  nets: [{ family: 'net-a' }, { family: 'net-b' }],
  stacks: [],
  ensemble: { family: 'ensemble' },
} as unknown as BundleManifest;
const bundle = { manifest, digest: 'd'.repeat(64) };
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 12, framesExpected: 12 } as const;

/** A predictor without nets: what is tested is what happens around it. It counts what it looks at. */
class PlainPredictor {
  readonly digest = bundle.digest;
  readonly looked: string[] = [];
  /** Clips of each run of the second level. */
  readonly weighed: string[][] = [];

  firstLevel({ filename, site }: InputFile): Promise<FirstLevelRecord> {
    this.looked.push(filename);
    return Promise.resolve({
      filename,
      site: site ?? null,
      capturedAt: null,
      modifiedAt: null,
      outcome,
      metadata: null,
      rows: {},
      nets: { 'net-a': [0.1, 0.7, 0.1], 'net-b': [0.1, 0.3, 0.5] },
      padded: {},
    });
  }

  async secondLevel({ clips, read }: FirstLevelRecords): Promise<ClipPrediction[]> {
    this.weighed.push(clips.map(({ filename }) => filename));
    return (await read(0, clips.length)).map(({ filename, nets }) => ({
      filename,
      sha256: null,
      outcome,
      probabilities: [0.05, 0.85, 0.1],
      members: nets,
      padded: {},
    }));
  }
}

export interface Opened extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly project: ReviewProject;
  readonly predictor: PlainPredictor;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: unknown): Promise<Response>;
  upload(name: string, body: Uint8Array): Promise<Response>;
  predicted(): Promise<ClipPage>;
}

export async function open(
  folder: string,
  limits = { uploadBytes: 100_000, clips: 10 },
  more: Partial<Pick<GatewayOptions, 'site' | 'folders' | 'bodies' | 'notices'>> = {},
): Promise<Opened> {
  const predictor = new PlainPredictor();
  const project = await ReviewProject.open({
    folder,
    source: bundleSource({ folder: '', ...bundle }),
    maxClips: limits.clips,
    now: () => new Date(),
    startWorker: (records) => workerOf(predictor, records),
  });
  const errors: unknown[] = [];
  const gateway = await startGateway({
    project,
    token,
    host: '127.0.0.1',
    port: 0,
    limits,
    ...more,
    onError: (error) => errors.push(error),
  });
  const auth = { authorization: `Bearer ${token}` };
  const get: Opened['get'] = (path, headers = {}) => fetch(gateway.url + path, { headers: { ...auth, ...headers } });
  return {
    gateway,
    project,
    predictor,
    get,
    post: (path, body) =>
      fetch(gateway.url + path, {
        method: 'POST',
        headers: { ...auth, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    upload: (name, body) =>
      fetch(`${gateway.url}/api/uploads?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: auth,
        body: body as Uint8Array<ArrayBuffer>,
      }),
    async predicted() {
      for (;;) {
        const page = clipPageSchema.parse(await (await get('/api/clips')).json());
        if (page.clips.every(({ state }) => state === 'predicted')) return page;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await project[Symbol.asyncDispose]();
      expect(errors.map(String)).toEqual([]);
    },
  };
}

/** A folder `card` with two clips of 12 frames, 32 x 32, and a file that is none. */
export async function cardOfClips(): Promise<TemporaryFolder> {
  const clips = await temporaryFolder();
  await mkdir(clips.join('card/site-1'), { recursive: true });
  const frames = Array.from({ length: 12 }, (_, i) => new Uint8Array(32 * 32 * 3).fill(i * 20));
  for (const name of ['card/site-1/a.mp4', 'card/b.avi']) {
    await encodeClip({ out: clips.join(name), width: 32, height: 32, fps: 12, frames });
  }
  await writeFile(clips.join('card/notes.txt'), 'no clip');
  return clips;
}

interface ServerEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Follows the events that the gateway sends, from the one after `lastId` on. */
export async function openEvents({ gateway }: Opened, lastId: string | undefined) {
  const stop = new AbortController();
  const answer = await fetch(`${gateway.url}/api/events`, {
    signal: stop.signal,
    headers: { authorization: `Bearer ${token}`, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
  });
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    /** Waits for so many events of a type. */
    async until(count: number, type: string): Promise<ServerEvent[]> {
      for (;;) {
        const events = [...text.matchAll(/id: (.*)\nevent: (.*)\ndata: (.*)\n\n/g)]
          .map(([, id = '', of = '', data = '']) => ({ id, type: of, data }))
          .filter((event) => event.type === type);
        if (events.length >= count) return events;
        text += (await reader.read()).value ?? '';
      }
    },
    async close() {
      stop.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}
