import { UsageError } from '@primatrix/contracts';
import { clipName, describeJoin, joinTable, namesNone, readLabels } from '@primatrix/dataset';
import { modelFamiliesLedBy, type DetectorFolder, type ModelFolder } from '@primatrix/models';
import { FewLabelsPredictor, type ClipLabels, type FewLabelsScore, type InputFile } from '@primatrix/prediction';
import { featureContext, installedFamilies } from '../installed-families.ts';
import { count } from '../terminal/format.ts';

/**
 * Opens encoders that predict clips from labels of some of them.
 * @param tell what of clips and table does not belong together: sentences for people
 * @throws UsageError `FEW_LABELS_MODEL`, `FEW_LABELS_CLASSES`; DatasetError
 */
export async function openFewLabels(
  files: readonly InputFile[],
  {
    folders,
    detector,
    labels: table,
  }: {
    readonly folders: readonly ModelFolder[];
    /** Leads the encoders; undefined: they look at evenly spread frames. */
    readonly detector: DetectorFolder | undefined;
    readonly labels: string;
  },
  tell: (sentence: string) => void,
): Promise<FewLabelsPredictor> {
  const encoders = modelFamiliesLedBy(folders, detector);
  const other = encoders.find((family) => family.rowShape(family.settings.laptop).length !== 1);
  if (other !== undefined) {
    throw new UsageError('FEW_LABELS_MODEL', `predict: --labels needs an encoder, and ${other.name} makes no vectors`, {
      hint: '`primatrix models list` names the kinds of models',
    });
  }
  const labels = await labelsOf(files, table, tell);
  const ensemble = (await installedFamilies()).find((family) => family.kind === 'ensemble');
  if (ensemble === undefined) throw new UsageError('PLAN_FAMILIES', 'predict: no family of kind ensemble is installed');
  return FewLabelsPredictor.open(encoders, labels, { ...featureContext(), ensemble });
}

async function labelsOf(
  files: readonly InputFile[],
  path: string,
  tell: (sentence: string) => void,
): Promise<ClipLabels> {
  const { classes, filenames, labels } = await readLabels(path);
  const width = classes.length;
  const rows = new Map(
    filenames.map((name, row) => [clipName(name), labels.subarray(row * width, (row + 1) * width)] as const),
  );
  const names = files.map(({ filename }) => filename);
  const join = joinTable(names, rows);
  const fault = namesNone(join, path);
  if (fault !== undefined) throw new UsageError('FEW_LABELS_CLASSES', `predict: ${fault.rule}`, { hint: fault.hint });
  // Clips that it does not name are those that are to be predicted.
  describeJoin({ ...join, without: [] }, path).forEach(tell);
  const found = new Map(
    names.flatMap((name, i) => (join.rows[i] === undefined ? [] : [[name, join.rows[i]] as const])),
  );
  const shown = classes.filter((_, c) => [...found.values()].some((own) => own[c] === 1));
  if (shown.length < 2) {
    throw new UsageError(
      'FEW_LABELS_CLASSES',
      `predict: ${path} must label clips of two classes or more among those given, got ${shown.join(', ')}`,
      { hint: 'label a clip of another class, for example "blank": there is nothing to tell apart' },
    );
  }
  const missing = classes.filter((name) => !shown.includes(name));
  if (missing.length > 0) tell(`no clip here is labelled ${missing.join(', ')}: nothing is predicted as that`);
  return { classes, labelsOf: found };
}

/** The score as people read it. */
export function describeScore({
  labelled,
  judged,
  classes,
  by,
  groups,
  parts,
  strength,
  score,
}: FewLabelsScore): string {
  const learned = `${count(labelled, 'labelled clip')} of ${classes.length} classes`;
  if (score === null) return `learned from ${learned}; what that is worth cannot be said before a class has two clips`;
  const { accuracy, logLoss, standardError, members } = score;
  const off = (error: number | null, digits: number) => (error === null ? '' : ` ± ${error.toFixed(digits)}`);
  const how = `${by}s left out ${parts < groups ? `in ${parts} parts` : 'one by one'}`;
  return [
    `learned from ${learned}`,
    `${how}: accuracy ${accuracy.toFixed(3)}${off(standardError.accuracy, 3)}, log loss ` +
      `${logLoss.toFixed(4)}${off(standardError.logLoss, 4)} over ${count(judged, 'clip')}`,
    ...Object.entries(members).map(
      ([name, right]) =>
        `  ${name}${name === 'linear-probe' ? ` (strength ${strength})` : ''}: accuracy ${right.toFixed(3)}`,
    ),
    ...(judged < 30 ? ['probabilities are not calibrated: that takes 30 clips'] : []),
  ].join('\n');
}
