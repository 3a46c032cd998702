import { join } from 'node:path';
import type { Tensor } from '@primatrix/contracts';
import { predictNet } from '@primatrix/nets';
import { openSession, type Device } from '@primatrix/onnx';
import type { BundleManifest } from '../bundle/bundle-manifest.ts';
import { addShare } from './mean-of-folds.ts';

type Session = Awaited<ReturnType<typeof openSession>>;

/** One net of a bundle, opened: a session a fold. */
export class BundledNet {
  readonly part: BundleManifest['nets'][number];
  private readonly sessions: readonly Session[];
  private readonly classes: number;

  private constructor(part: BundleManifest['nets'][number], sessions: readonly Session[], classes: number) {
    this.part = part;
    this.sessions = sessions;
    this.classes = classes;
  }

  /** @param folder of the bundle */
  static async open(
    folder: string,
    part: BundleManifest['nets'][number],
    { classes, device }: { readonly classes: number; readonly device: Device },
  ): Promise<BundledNet> {
    // The models are small: more threads than one cost more than they bring.
    const sessions = await Promise.all(
      part.models.map((model) => openSession(join(folder, model.path), { threads: 1, device })),
    );
    return new BundledNet(part, sessions, classes);
  }

  /** @returns [classes], the mean over folds and crops */
  async predict(tensor: Tensor, signal?: AbortSignal): Promise<Float64Array> {
    const { input, crops, padding } = this.part;
    const mean = new Float64Array(this.classes);
    for (const session of this.sessions) {
      addShare(
        mean,
        await predictNet(session, [{ tensor }], {
          input,
          classes: this.classes,
          crops,
          padding,
          ...(signal === undefined ? {} : { signal }),
        }),
        this.sessions.length,
      );
    }
    return mean;
  }

  /** What is to be said where the clip has fewer frames than the net looks at, and was filled up. */
  padding(tensor: Tensor): { readonly frames: number; readonly length: number } | undefined {
    const [frames = 0] = tensor.shape;
    const [length = 0] = this.part.crop;
    return frames < length ? { frames, length } : undefined;
  }

  async dispose(): Promise<void> {
    for (const session of this.sessions) await session.release();
  }
}
