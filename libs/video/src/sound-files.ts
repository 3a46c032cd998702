import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder, type ScratchFolder } from '@primatrix/files';
import { soundOptions, soundSamples } from './decode-audio.ts';
import type { ToolFile } from './ffmpeg-process.ts';
import type { ClipInspection } from './inspect-clip.ts';

/** A sound that is wanted as mono samples of 16 bits. */
export type WantedSound = {
  /** Number of the stream in the file; `first`: the first that holds sound. */
  readonly stream: number | 'first';
  /** Samples a second. */
  readonly sampleRate: number;
};

/** Longer ones are decoded by themselves, without a file between: six minutes of 96 kHz, 25 of 22,050 Hz. */
const mostBytes = 64 << 20;

/**
 * Sounds that a process writes into files of their own while its standard output takes the pictures: it reads the clip
 * once, and what takes longest with a short clip is to start a process.
 */
export class SoundFiles implements AsyncDisposable {
  readonly files: readonly ToolFile[];
  readonly #folder: ScratchFolder;

  private constructor(folder: ScratchFolder, wanted: readonly WantedSound[]) {
    this.#folder = folder;
    this.files = wanted.map(({ stream, sampleRate }, i) => ({
      path: join(folder.path, `${i}.s16`),
      options: [...soundOptions(stream === 'first' ? '0:a:0' : `0:${stream}`, sampleRate), '-fs', String(mostBytes)],
    }));
  }

  /** Null where there is no room for them. */
  static async of(wanted: readonly WantedSound[]): Promise<SoundFiles | null> {
    try {
      return new SoundFiles(await scratchFolder('primatrix-sound'), wanted);
    } catch {
      // A full or read-only disk is no reason to fail where nothing else is written.
      return null;
    }
  }

  /** What was written, in the order in which it was wanted; null where that is nothing, or not all of it. */
  async read(): Promise<(Int16Array | null)[]> {
    return Promise.all(
      this.files.map(async ({ path }) => {
        const bytes = await readFile(path).catch(() => null);
        return bytes === null || bytes.length < 2 || bytes.length >= mostBytes ? null : soundSamples(bytes);
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

/**
 * Whether sounds of a clip are decoded with its pictures. Not those that would be long, and not of a clip that is damaged as
 * far as its container tells: one must not end the other.
 */
export function goBeside(
  { still, video, sounds, complete, beginsWell }: ClipInspection,
  wanted: readonly WantedSound[],
): boolean {
  if (wanted.length === 0 || still || video === null || sounds.length === 0 || !complete || !beginsWell) return false;
  return wanted.every(({ sampleRate }) => video.durationSeconds * sampleRate * 2 < mostBytes);
}
