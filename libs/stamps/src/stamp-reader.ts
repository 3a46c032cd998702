import type { Picture } from '@primatrix/backbones';
import { ClipError, openFrames } from '@primatrix/video';
import { readStampText, type StampText } from './stamp-text.ts';
import { TextReader } from './text-reader.ts';

/** Share of a picture's height, at the top and at the bottom, in which stamps stand. */
const band = 0.12;
/** Rows beyond the edge: letters that touch it are missed. */
const beyond = 24;
/** Lines that were read with less are no evidence. */
const leastScore = 0.6;

/** What a camera burned into a picture. */
export interface Stamp extends StampText {
  /** All that was read, line by line. */
  readonly text: string;
}

/** Reads what cameras burn into pictures. */
export class StampReader {
  readonly #reader: TextReader;

  private constructor(reader: TextReader) {
    this.#reader = reader;
  }

  /**
   * Loads the models that find and read text.
   * @throws SessionError where the runtime cannot load them
   */
  static async open(): Promise<StampReader> {
    return new StampReader(await TextReader.open());
  }

  /**
   * Reads the stamp of a photograph, or of a clip's first picture.
   * @throws ClipError where the file holds no picture that can be decoded
   */
  async readFile(path: string, signal?: AbortSignal): Promise<Stamp> {
    return this.read(await firstPicture(path, signal));
  }

  /** Reads the stamp of a picture; where it has none, its text is empty, or what else was written in view. */
  async read(picture: Picture): Promise<Stamp> {
    const { width, height } = picture;
    const rows = Math.max(1, Math.round(height * band));
    const bands = [
      { left: 0, top: -beyond, right: width, bottom: rows },
      { left: 0, top: height - rows, right: width, bottom: height + beyond },
    ];
    const lines: string[] = [];
    for (const part of bands) {
      const read = await this.#reader.read(picture, part);
      lines.push(...read.filter(({ score }) => score >= leastScore).map(({ text }) => text.trim()));
    }
    const text = lines.join('\n');
    return { text, ...readStampText(text) };
  }
}

async function firstPicture(path: string, signal: AbortSignal | undefined): Promise<Picture> {
  const stream = await openFrames(path, { signal });
  // Leaving early is no fault of the clip.
  const ended = stream.outcome.catch(() => undefined);
  for await (const frame of stream) return { width: frame.width, height: frame.height, data: frame.rgb() };
  signal?.throwIfAborted();
  const outcome = await ended;
  throw new ClipError(outcome?.fault ?? 'no-frames', path, outcome?.reason ?? `video: '${path}' has no picture`);
}
