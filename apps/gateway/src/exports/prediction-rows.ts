import { withoutPath, type ClipRow } from '../clips/clip-row.ts';

/**
 * Predictions in JSON, as `primatrix predict --format json` writes them, with what a detector saw and what was heard: `primatrix export` reads it. What each net
 * said is left out. A row a clip that was predicted or failed, in parts.
 * @param warnings what must be said of the predictions wherever they are shown
 */
export function* predictionRows(
  rows: readonly ClipRow[],
  classes: readonly string[],
  warnings: readonly string[],
): Generator<string> {
  yield `{"schema":1,"classes":${JSON.stringify(classes)},"warnings":${JSON.stringify(warnings)},"rows":[`;
  let separator = '\n';
  for (const { filename, path, sha256, outcome, probabilities, seen, heard } of rows) {
    if (outcome === null) continue;
    const named =
      probabilities === null ? null : Object.fromEntries(classes.map((name, c) => [name, probabilities[c] ?? 0]));
    const row = { filename, sha256, ...withoutPath(outcome, path, filename), probabilities: named };
    const told = { ...(seen === null ? {} : { seen }), ...(heard === null ? {} : { heard }) };
    yield separator + JSON.stringify({ ...row, members: {}, padded: {}, ...told });
    separator = ',\n';
  }
  yield '\n]}\n';
}
