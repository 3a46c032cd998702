import { UsageError } from '@primatrix/contracts';
import { clipName, describeJoin, joinOrRefuse } from '@primatrix/dataset';
import { readClipResults, type ClipResults } from '@primatrix/exchange';
import type { FeatureFamily } from '@primatrix/families';
import { resultsFamily } from './results-family.ts';

/** A file of results, joined to clips. */
export interface OpenedResults {
  readonly file: string;
  readonly results: ClipResults;
  readonly family: FeatureFamily;
  /** What is said of a clip, by its own name. */
  rowOf(filename: string): Float64Array | undefined;
}

/**
 * Reads files of results and joins each to clips.
 * @param filenames the clips' names
 * @param tell what of clips and file does not belong together: sentences for people
 * @throws UsageError `FEATURES_TWICE` where two are of one form; ExchangeError; DatasetError `DATASET_UNMATCHED` where one names none of
 * the clips
 */
export async function openResults(
  files: readonly string[],
  filenames: readonly string[],
  tell: (sentence: string) => void,
): Promise<OpenedResults[]> {
  const opened: OpenedResults[] = [];
  for (const file of files) {
    const results = await readClipResults(file);
    const join = joinOrRefuse(filenames, results.rows, file);
    describeJoin(join, file).forEach(tell);
    const found = new Map(filenames.map((name, i) => [clipName(name), join.rows[i]]));
    const rowOf = (filename: string) => found.get(clipName(filename));
    const family = resultsFamily(results, rowOf);
    const twin = opened.find((other) => other.family.name === family.name);
    if (twin !== undefined) {
      throw new UsageError('FEATURES_TWICE', `--features: ${twin.file} and ${file} are both of ${results.format}`, {
        hint: 'put them together in one file, or leave one out',
      });
    }
    opened.push({ file, results, family, rowOf });
  }
  return opened;
}
