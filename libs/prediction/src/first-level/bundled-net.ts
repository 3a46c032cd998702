import { join } from 'node:path';
import type { Tensor } from '@primatrix/contracts';
import { openComparedNet, predictNet } from '@primatrix/nets';
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

  /**
   * @param folder of the bundle
   * @throws SessionError `DEVICE_DIFFERS` where a device that is no CPU computes other probabilities
   */
  static async open(
    folder: string,
    part: BundleManifest['nets'][number],
    { classes, device }: { readonly classes: number; readonly device: Device },
  ): Promise<BundledNet> {
    const [first, ...others] = part.models.map(({ path }) => join(folder, path));
    if (first === undefined) return new BundledNet(part, [], classes);
    // The models are small: more threads than one cost more than they bring. All folds are one graph with other weights.
    const { session, device: used } = await openComparedNet(first, { input: part.input, threads: 1, device });
    const rest = await Promise.all(others.map((model) => openSession(model, { threads: 1, device: used })));
    const sessions = [session, ...rest];
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
