import { JetStreamBus, type Records } from '@primatrix/messaging';
import type { Message, TensorRef } from '@primatrix/contracts';
import {
  bundleParts,
  openParts,
  startService,
  type Requester,
  type BundlePart,
  type OpenPartsOptions,
} from '@primatrix/services';
import { Rng } from '@primatrix/rng';
import { fasterPieces } from './faster-pieces.ts';
import type { Measurements, Piece } from './measurements.ts';
import { countingStore, recordedPart } from './recorded-part.ts';

/** Rows of one table, as they are asked. */
const rows = 1024;
const rounds = 6;

export interface MeasureSecondLevelOptions extends Omit<OpenPartsOptions, 'only'> {
  readonly url: string;
  readonly records: Records<Message>;
  readonly requester: Requester;
}

/** Has each stacker and the ensemble do a table of 1,024 rows, whose values are drawn: six times, the fastest counts. */
export async function measureSecondLevel(options: MeasureSecondLevelOptions): Promise<Measurements['secondLevel']> {
  const { manifest, requester, url, records } = options;
  const store = countingStore(options.store);
  const rng = new Rng(1);
  const parts = bundleParts(manifest).filter(
    ({ stage }) => stage === 'stack' || (stage === 'ensemble' && manifest.stacks.length > 0),
  );
  const measured: Measurements['secondLevel'] = [];
  const opened = await openParts({ ...options, store, only: new Set(parts.map(({ family }) => family)) });
  await using bus = await JetStreamBus.connect(url);
  const drawn = (width: number) => Float64Array.from({ length: rows * width }, () => rng.uniform());
  const tensorsFor = async (part: BundlePart): Promise<Record<string, TensorRef>> => {
    const width = manifest.stacks.find(({ member }) => member === part.name)?.columns.length;
    if (width !== undefined) {
      return {
        table: await store.put({ dtype: 'float32', shape: [rows, width], data: Float32Array.from(drawn(width)) }),
      };
    }
    const tensors: Record<string, TensorRef> = {};
    const wide = manifest.classes.length;
    for (const name of Object.keys(manifest.ensemble.weights)) {
      tensors[name] = await store.put({ dtype: 'float64', shape: [rows, wide], data: drawn(wide) });
    }
    return tensors;
  };
  for (const served of opened) {
    const { part } = served;
    const pieces: Piece[] = [];
    const service = await startService(
      recordedPart(served, store, ({ piece }) => pieces.push(piece)),
      { bus, answers: records },
    );
    for (let round = 0; round < rounds; round++) {
      const tensors = await tensorsFor(part);
      await requester.ask({
        stage: part.stage,
        family: part.family,
        part: part.name,
        release: part.release,
        clipId: null,
        payload: { tensors, files: {} },
        inputs: { round },
      });
    }
    await service.stop();
    await served.dispose();
    measured.push({
      name: part.name,
      family: part.family,
      stage: part.stage,
      rows,
      pieces: pieces.reduce<Piece[]>((best, piece) => fasterPieces(best, [piece]) as Piece[], []),
    });
  }
  return measured;
}
