import type { Picture } from '@primatrix/backbones';
import { blurAreas, openFrames, type Frame, type PeopleAreas } from '@primatrix/video';

/** A picture of a clip at a moment, and which frame of the clip it is. */
export interface Shown extends Picture {
  readonly index: number;
}

/**
 * Shows a clip by time, so that clips of different frame rates run side by side. Moments must not go back. A clip that is
 * over keeps showing its last frame.
 */
export class ClipPlayer implements AsyncDisposable {
  readonly #frames: AsyncIterator<Frame, void>;
  readonly fps: number;
  readonly #people: PeopleAreas | undefined;
  #shown: Frame | undefined;
  #next: Frame | undefined;
  #picture: Shown | undefined;

  private constructor(frames: AsyncIterator<Frame, void>, fps: number, people: PeopleAreas | undefined) {
    this.#frames = frames;
    this.fps = fps;
    this.#people = people;
  }

  /**
   * @param people blurs them; undefined: pictures stay as they are
   * @throws ClipError as openFrames does
   */
  static async open(path: string, signal: AbortSignal, people?: PeopleAreas): Promise<ClipPlayer> {
    const stream = await openFrames(path, { signal });
    return new ClipPlayer(stream[Symbol.asyncIterator]() as AsyncIterator<Frame, void>, stream.fps, people);
  }

  /** The frame at a moment, in seconds from the start; undefined where not one frame decodes. */
  async at(seconds: number): Promise<Shown | undefined> {
    // A little beyond, as 0.1 * 30 may fall short of 3.
    const wanted = Math.floor(seconds * this.fps + 1e-6);
    this.#next ??= await this.#read();
    while (this.#next !== undefined && this.#next.index <= wanted) {
      this.#shown = this.#next;
      this.#next = await this.#read();
    }
    const frame = this.#shown;
    if (frame !== undefined && this.#picture?.index !== frame.index) {
      this.#picture = { index: frame.index, width: frame.width, height: frame.height, data: frame.rgb() };
      if (this.#people !== undefined) blurAreas(this.#picture, this.#people(frame.index));
    }
    return this.#picture;
  }

  async #read(): Promise<Frame | undefined> {
    return (await this.#frames.next()).value ?? undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#frames.return?.();
  }
}
