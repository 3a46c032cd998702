import { isAbsolute, relative, sep } from 'node:path';
import { ClassNames, clipName, columnOf, isBlankClass, isInside, knownText, readCells } from '@primatrix/dataset';
import { cellError, ExchangeError } from './exchange-error.ts';

/** Labels of clips, by name. */
export type ZambaLabels = ReadonlyMap<string, { readonly classes: readonly string[]; readonly site: string | null }>;

/**
 * Reads labels as zamba has them: `filepath`, `label` and, where there is, `site`; a clip with several species has several rows.
 * @param clips the folder that absolute paths lie in
 * @throws DatasetError where the file is no table; ExchangeError naming the column or cell at fault
 */
export async function readZambaLabels(path: string, clips?: string): Promise<ZambaLabels> {
  const { header, rows } = await readCells(path);
  const [fileAt, labelAt, siteAt] = ['filepath', 'label', 'site'].map((name) => columnOf(header, name)) as [
    number,
    number,
    number,
  ];
  if (fileAt < 0 || labelAt < 0) {
    throw new ExchangeError(
      'EXCHANGE_COLUMN',
      `${path}: there must be columns "filepath" and "label", got ${header.join(', ')}`,
      'the header reads filepath,label or filepath,label,site',
    );
  }
  const found = new Map<string, { classes: string[]; site: string | null }>();
  const firstLine = new Map<string, number>();
  const names = new ClassNames();
  for (const { line, cells } of rows) {
    const [given, label] = [cells[fileAt] as string, knownText(cells[labelAt])];
    const fault = (column: string, value: string, rule: string, hint: string) =>
      cellError('EXCHANGE_VALUE', rule, { file: path, line, column, value }, hint);
    const filename = clipName(
      isAbsolute(given) && clips !== undefined
        ? relative(clips.normalize('NFC'), given.normalize('NFC')).split(sep).join('/')
        : given,
    );
    if (!isInside(filename)) {
      throw fault(
        'filepath',
        given,
        'must be a path inside the clips folder',
        clips === undefined
          ? 'name the folder with --clips, or write paths below it'
          : `write paths below the folder: it is ${clips}`,
      );
    }
    if (label === '') {
      throw fault(
        'label',
        cells[labelAt] as string,
        'there must be a label',
        'leave out clips nobody has reviewed; clips without animals are "blank"',
      );
    }
    names.add(label, { file: path, line, column: 'label', value: label });
    const site = knownText(cells[siteAt]) || null;
    const before = found.get(filename);
    if (before === undefined) {
      found.set(filename, { classes: [label], site });
      firstLine.set(filename, line);
    } else if (before.site !== site) {
      throw fault(
        'site',
        site ?? '',
        `the clip has the site ${JSON.stringify(before.site)} in an earlier line`,
        'a clip has one site',
      );
    } else if (!before.classes.includes(label)) {
      if ([label, ...before.classes].some(isBlankClass)) {
        throw fault(
          'label',
          label,
          `the clip is ${before.classes.join(' and ')} since line ${firstLine.get(filename)}: a blank clip shows nothing else`,
          'look at the clip again, and remove one of the lines',
        );
      }
      before.classes.push(label);
    }
  }
  if (found.size === 0) {
    throw new ExchangeError(
      'EXCHANGE_EMPTY',
      `${path}: there must be at least one row, got none`,
      'add one row a labelled clip',
    );
  }
  return found;
}
