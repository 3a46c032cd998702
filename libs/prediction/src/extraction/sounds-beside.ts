import type { FrameStream, WantedSound } from '@primatrix/video';

type Samples = Int16Array | null;

/** Sounds of one clip that are decoded with its pictures, for several who listen. */
export class SoundsBeside {
  readonly #wanted: WantedSound[] = [];
  readonly #decoded: Promise<readonly Samples[]>;
  #decode!: (sounds: FrameStream['sounds'] | readonly Samples[]) => void;

  constructor() {
    this.#decoded = new Promise((resolve) => (this.#decode = resolve));
  }

  /** What is wanted so far, for whoever decodes the pictures. */
  get wanted(): readonly WantedSound[] {
    return this.#wanted;
  }

  /**
   * Wants a sound, before the pictures are decoded.
   * @returns its samples once they are known; null where it is to be decoded by itself
   */
  async want(sound: WantedSound): Promise<Samples> {
    const place = this.#wanted.push(sound) - 1;
    return (await this.#decoded)[place] ?? null;
  }

  /** Whoever decodes the pictures hands the sounds on. */
  decodedWith({ sounds }: Pick<FrameStream, 'sounds'>): void {
    this.#decode(sounds);
  }

  /** No pictures are decoded, or no more: what is not here yet does not come. */
  end(): void {
    this.#decode([]);
  }
}
