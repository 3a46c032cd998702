import { readFile, stat } from 'node:fs/promises';
import { jsonOf } from '@primatrix/contracts';
import { z } from 'zod';
import { ExchangeError } from '../exchange-error.ts';
import { megaDetectorResults, megaDetectorSchema } from './megadetector-results.ts';
import { ResultRows, type ClipResults } from './result-rows.ts';
import { speciesNetResults, speciesNetSchema } from './speciesnet-results.ts';
import { readZambaResults } from './zamba-results.ts';

/** Bytes of a file that is read whole, as one text; a hundred thousand clips have some 50 MB. */
const mostBytes = 2 ** 28;

/**
 * Reads what another program said of clips: MegaDetector's results (JSON with `images`), SpeciesNet's (JSON with `predictions`) or zamba's
 * (CSV with `filepath` and a column a class).
 * @throws ExchangeError where the file is none of them, or names a clip twice; DatasetError where a table is none
 */
export async function readClipResults(path: string): Promise<ClipResults> {
  const size = await stat(path).catch((cause: unknown) => {
    throw new ExchangeError('EXCHANGE_FILE', `${path}: cannot be read`, 'name a file of results', { cause });
  });
  if (size.size > mostBytes) {
    throw new ExchangeError(
      'EXCHANGE_FILE',
      `${path}: has ${size.size} bytes, and results of at most ${mostBytes} are read`,
      'split it, or leave out detections of low confidence',
    );
  }
  if (!path.toLowerCase().endsWith('.json')) return readZambaResults(path);
  let json: unknown;
  try {
    json = jsonOf(await readFile(path, 'utf8'));
  } catch (cause) {
    throw notResults(path, 'it is no JSON', cause);
  }
  const rows = new ResultRows(path);
  const of = <Schema extends z.ZodType>(schema: Schema): z.infer<Schema> => {
    const { success, data, error } = schema.safeParse(json);
    if (!success) {
      throw notResults(
        path,
        z
          .prettifyError(error)
          .replace(/\s*\n\s*/g, ' ')
          .slice(0, 300),
        error,
      );
    }
    return data;
  };
  if (has(json, 'images')) return megaDetectorResults(of(megaDetectorSchema), rows);
  if (has(json, 'predictions')) return speciesNetResults(of(speciesNetSchema), rows);
  throw notResults(path, 'it has neither "images" nor "predictions"');
}

function has(json: unknown, name: string): boolean {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, name);
}

function notResults(path: string, reason: string, cause?: unknown): ExchangeError {
  return new ExchangeError(
    'EXCHANGE_FILE',
    `${path}: must be results of MegaDetector or SpeciesNet (JSON) or of zamba (CSV): ${reason}`,
    'give the file as the program wrote it',
    { cause },
  );
}
