import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { readCsvTable } from './csv-table.ts';
import { DatasetError } from './dataset-error.ts';
import { readLabels } from './labels.ts';
import { readOrigins } from './sites.ts';

async function read<T>(content: string | Uint8Array, reader: (path: string) => Promise<T>): Promise<T> {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('t.csv'), content);
  return await reader(folder.join('t.csv'));
}

async function errorOf(
  content: string | Uint8Array,
  reader: (path: string) => Promise<unknown> = readLabels,
): Promise<DatasetError> {
  const error: unknown = await read(content, reader).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatasetError)) throw new Error(`expected a DatasetError, got ${String(error)}`);
  expect(error.hint).toBeTruthy();
  return error;
}

describe('label tables, in the dialects that spreadsheets write', () => {
  it.each([
    ['plain', 'filename,bird,hog\na.mp4,1,0\nb.mp4,0,1\n'],
    ['BOM and CRLF', '\uFEFFfilename,bird,hog\r\na.mp4,1,0\r\nb.mp4,0,1\r\n'],
    ['semicolons', 'filename;bird;hog\na.mp4;1;0\nb.mp4;0;1\n'],
    ['tabs', 'filename\tbird\thog\na.mp4\t1\t0\nb.mp4\t0\t1\n'],
    ['quotes, spaces, no last newline', '"filename", "bird" ,hog\n"a.mp4",1 , 0\nb.mp4,0,1'],
    ['mixed line ends and blank rows', 'filename,bird,hog\r\na.mp4,1,0\n\n,,\nb.mp4,0,1\n'],
    ['old Macintosh line ends', 'filename,bird,hog\ra.mp4,1,0\rb.mp4,0,1\r'],
    ['decimal labels', 'filename,bird,hog\na.mp4,1.0,0.0\nb.mp4,0.,1.00\n'],
    ["a spreadsheet's word about separators", 'sep=;\r\nfilename;bird;hog\r\na.mp4;1;0\r\nb.mp4;0;1\r\n'],
    ['the same behind a BOM, for commas', '\uFEFF"sep=,"\nfilename,bird,hog\na.mp4,1,0\nb.mp4,0,1\n'],
    ['the same for a separator of its own', 'SEP=|\nfilename|bird|hog\na.mp4|1|0\nb.mp4|0|1\n'],
    ['filename not first', 'bird,filename,hog\n1,a.mp4,0\n0,b.mp4,1\n'],
  ])('%s', async (_, text) => {
    expect(await read(text, readLabels)).toEqual({
      classes: ['bird', 'hog'],
      filenames: ['a.mp4', 'b.mp4'],
      labels: Uint8Array.of(1, 0, 0, 1),
    });
  });

  it('keeps separators that are quoted, and joins spellings of one name', async () => {
    const table = await read(
      'filename,"other (a, b; c)"\n"./site 1\\a, ""x"".mp4",1\n"cafe\u0301.mp4",1\n',
      readLabels,
    );
    expect(table.classes).toEqual(['other (a, b; c)']);
    expect(table.filenames).toEqual(['site 1/a, "x".mp4', 'caf\u00e9.mp4']);
  });
});

describe('what a label table may not be', () => {
  it.each([
    ['empty', '', 'CSV_HEADER', {}],
    ['without filename', 'filepath,bird\na.mp4,1\n', 'CSV_HEADER', { line: 1 }],
    ['without classes', 'filename\na.mp4\n', 'CSV_HEADER', { line: 1 }],
    ['without rows', 'filename,bird\n', 'CSV_EMPTY', {}],
    ['with an unnamed column', ',filename,bird\n0,a.mp4,1\n', 'CSV_HEADER', { line: 1 }],
    ['with a class twice', 'filename,bird,hog,bird\na.mp4,1,0,0\n', 'CSV_HEADER', { column: 'bird' }],
    ['with a class twice but for case', 'filename,bird,Bird\na.mp4,1,0\n', 'CSV_HEADER', { column: 'Bird' }],
    [
      'with a class named as a predictions column',
      'filename,bird,status\na.mp4,1,0\n',
      'CSV_HEADER',
      { column: 'status' },
    ],
    ['with a class of nothing known', 'filename,bird,nan\na.mp4,1,0\n', 'CSV_HEADER', { column: 'nan' }],
    ['with a blank clip that shows something', 'filename,bird,Empty\na.mp4,1,1\n', 'CSV_BLANK', { line: 2 }],
    ['with a drive of Windows', 'filename,bird\nC:\\data\\a.mp4,1\n', 'CSV_VALUE', { column: 'filename' }],
    ['with a drive of Windows, slashes turned', 'filename,bird\nd:/a.mp4,1\n', 'CSV_VALUE', { column: 'filename' }],
    ['with a share', 'filename,bird\n\\\\nas\\traps\\a.mp4,1\n', 'CSV_VALUE', { column: 'filename' }],
    ['with a long path of Windows', 'filename,bird\n\\\\?\\C:\\a.mp4,1\n', 'CSV_VALUE', { column: 'filename' }],
    ['with an address', 'filename,bird\ns3://bucket/a.mp4,1\n', 'CSV_VALUE', { column: 'filename' }],
    [
      'with a file twice',
      'filename,bird\na.mp4,1\nb.mp4,1\n./a.mp4,1\n',
      'CSV_DUPLICATE',
      { line: 4, column: 'filename', value: 'a.mp4' },
    ],
    ['with a file twice but for a slash', 'filename,bird\na/b.mp4,1\na//b.mp4,1\n', 'CSV_DUPLICATE', { line: 3 }],
    ['with a file twice but for a dot', 'filename,bird\na/b.mp4,1\na\\.\\b.mp4,1\n', 'CSV_DUPLICATE', { line: 3 }],
    [
      'with a label of 2',
      'filename,bird,hog\na.mp4,1,0\nb.mp4,2,0\n',
      'CSV_VALUE',
      { line: 3, column: 'bird', value: '2' },
    ],
    [
      'with a word as label',
      'filename,bird,site\na.mp4,1,north\n',
      'CSV_VALUE',
      { line: 2, column: 'site', value: 'north' },
    ],
    ['with an empty label', 'filename,bird,hog\na.mp4,1,\n', 'CSV_VALUE', { line: 2, column: 'hog', value: '' }],
    ['with a row of zeros', 'filename,bird,hog\na.mp4,0,0\n', 'CSV_NO_CLASS', { line: 2, value: 'a.mp4' }],
    ['with a short row', 'filename,bird,hog\na.mp4,1\n', 'CSV_SYNTAX', { line: 2 }],
    ['with a long row', 'filename,bird\na,b.mp4,1\n', 'CSV_SYNTAX', { line: 2 }],
    ['with an open quote', 'filename,bird\n"a.mp4,1\nb.mp4,1\n', 'CSV_SYNTAX', {}],
    ['with a stray quote', 'filename,bird\n"a"b.mp4,1\n', 'CSV_SYNTAX', { line: 2 }],
    ['with a path out of the folder', 'filename,bird\nx/../../a.mp4,1\n', 'CSV_VALUE', { line: 2, column: 'filename' }],
    ['with an absolute path', 'filename,bird\n/a.mp4,1\n', 'CSV_VALUE', { line: 2, column: 'filename' }],
    ['with no filename in a row', 'filename,bird\n,1\n', 'CSV_VALUE', { line: 2, column: 'filename' }],
  ])('%s', async (_, text, code, fields) => {
    const error = await errorOf(text);
    expect(error).toMatchObject({ code, fields: { ...fields } });
    expect(error.fields['file']).toMatch(/t\.csv$/);
    expect(error.message).toContain('t.csv');
  });

  it('another encoding, or no text at all', async () => {
    expect((await errorOf(Buffer.from('\uFEFFfilename,bird\n', 'utf16le'))).code).toBe('CSV_ENCODING');
    expect((await errorOf(Buffer.from('filename,b\u00e9b\u00e9\n', 'latin1'))).code).toBe('CSV_ENCODING');
    // Without a mark it is UTF-8 too, and its rows would be blamed instead.
    const unmarked = await errorOf(Buffer.from('filename,bird\na.mp4,1\n', 'utf16le'));
    expect(unmarked).toMatchObject({ code: 'CSV_ENCODING', message: expect.stringContaining('UTF-16') as unknown });
    const damaged = await errorOf('filename,bird\na.mp4,1\nb\0.mp4,1\n');
    expect(damaged).toMatchObject({ code: 'CSV_ENCODING', fields: { line: 3 } });
    expect((await errorOf(Buffer.from('PK\u0003\u0004'))).message).toContain('spreadsheet');
  });

  it('absent, or a folder', async () => {
    await expect(readCsvTable('/nowhere/t.csv')).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' });
    await using folder = await temporaryFolder();
    await expect(readCsvTable(folder.path)).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' });
  });
});

describe('sites and times', () => {
  it('reads what is known, passing over other columns', async () => {
    const table = await read(
      'filename,site,captured_at,latitude\na.mp4,north,2016-03-31T17:05:00,1.5\nb.mp4,,,\n',
      readOrigins,
    );
    expect(table.byFilename.get('a.mp4')).toEqual({ site: 'north', capturedAt: new Date('2016-03-31T17:05:00Z') });
    expect(table.byFilename.get('b.mp4')).toEqual({});
  });

  it.each([
    ['2016-03-31', '2016-03-31T00:00:00.000Z'],
    ['2016-03-31 17:05', '2016-03-31T17:05:00.000Z'],
    ['2016-03-31T17:05:06.25Z', '2016-03-31T17:05:06.250Z'],
    ['2016-03-31T17:05:06.2549Z', '2016-03-31T17:05:06.254Z'],
    ['2016-03-31T17:05:06.57Z', '2016-03-31T17:05:06.570Z'],
    ['2016-03-31T17:05:00+02:00', '2016-03-31T15:05:00.000Z'],
    ['2016-03-31T17:05:00-0330', '2016-03-31T20:35:00.000Z'],
    ['2016:03:31 17:05:06', '2016-03-31T17:05:06.000Z'],
    ['2016-02-29', '2016-02-29T00:00:00.000Z'],
  ])('reads %s', async (text, iso) => {
    const table = await read(`filename,captured_at\na.mp4,${text}\n`, readOrigins);
    expect(table.byFilename.get('a.mp4')?.capturedAt?.toISOString()).toBe(iso);
  });

  it.each(['31/03/2016', '2015-02-29', '2016-13-01', '2016-03-31T25:00', 'yesterday', '1459443900'])(
    'refuses %s',
    async (text) => {
      expect(await errorOf(`filename,captured_at\na.mp4,${text}\n`, readOrigins)).toMatchObject({
        code: 'CSV_VALUE',
        fields: { line: 2, column: 'captured_at', value: text },
      });
    },
  );

  it('refuses a table of neither', async () => {
    expect((await errorOf('filename,place\na.mp4,x\n', readOrigins)).code).toBe('CSV_HEADER');
  });
});
