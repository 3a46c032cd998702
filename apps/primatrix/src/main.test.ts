import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from './main.ts';

let folder: TemporaryFolder;
const before = process.cwd();
beforeEach(async () => {
  folder = await temporaryFolder('primatrix-main-');
  process.chdir(folder.path);
});
afterEach(async () => {
  process.chdir(before);
  await folder.remove();
});

/** Runs the command line in this process. */
async function said(...args: string[]): Promise<{ status: number; stderr: string; stdout: string }> {
  const [stderr, stdout]: [string[], string[]] = [[], []];
  const spies = [
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(stderr.push(String(text)))),
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(stdout.push(String(text)))),
    vi.spyOn(console, 'log').mockImplementation((text) => void stdout.push(`${text}\n`)),
  ];
  try {
    return { status: await run(args), stderr: stderr.join(''), stdout: stdout.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const labels = 'filename,bird,hog\na.mp4,1,0\nb.mp4,0,1\nc.mp4,1,0\nd.mp4,0,1\n';

describe('what is mistyped is named', () => {
  it.each([
    [['score', '--labls', 'x'], /unknown option '--labls'[^]*Did you mean --labels/],
    [['visualise', 'sheet', '--clps', 'x'], /unknown option '--clps'[^]*Did you mean --clips/],
    [['score', '--labels', 'x'], /required option '--predictions <csv>' not specified/],
    [['constructor'], /unknown command 'constructor'/],
    [['__proto__'], /unknown command '__proto__'/],
    [['bench', 'toString'], /no benchmark 'toString'/],
    [['weights', 'pull'], /missing required argument 'backbone'/],
    [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish, powershell/],
  ])('%j', async (args, says) => {
    const { status, stderr, stdout } = await said(...args);
    expect(stderr).toMatch(says);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(await readdir('.')).toEqual([]);
  });
});

describe('paths that lead nowhere stop a command before it makes anything', () => {
  it.each([
    [['predict', 'gone', '--bundle', 'b', '--out', 'p.csv'], /no file or folder gone \[INPUT_MISSING\]/],
    [['probe', 'gone.mp4', 'gone2.mp4'], /no file or folder gone\.mp4 \[INPUT_MISSING\]/],
    [['hash', 'gone.mp4'], /\[INPUT_MISSING\]/],
    [['features', 'micro', 'gone', '--out', 'f'], /\[INPUT_MISSING\]/],
    [['inspect', 'gone.mp4', '--bundle', 'b'], /\[INPUT_MISSING\]/],
    [['visualise', 'hashes', 'here.mp4', 'gone.mp4', '--out', 'h.mp4'], /gone\.mp4 \[INPUT_MISSING\]/],
    [['ui', 'gone'], /ui: there is no folder gone \[INPUT_MISSING\]/],
    [
      ['predict', 'here.mp4', '--bundle', 'b', '--out', 'no/p.csv'],
      /--out no\/p\.csv: there is no folder .*no \[OUT_FOLDER\]/,
    ],
    [
      ['predict', 'here.mp4', '--bundle', 'b', '--out', 'p.csv', '--records', 'no/r.jsonl'],
      /--records no.*\[OUT_FOLDER\]/,
    ],
    [['predict', 'here.mp4', '--bundle', 'b', '--out', 'here.mp4/p.csv'], /here\.mp4 is no folder \[OUT_FOLDER\]/],
    [['export', 'p.csv', '--format', 'json', '--out', 'no/p.json'], /\[OUT_FOLDER\]/],
    [['export', 'p.csv', '--out', 'no/such/package'], /\[OUT_FOLDER\]/],
    [['sample', '--out', 'no/such/sample'], /\[OUT_FOLDER\]/],
    [['import', 'l.csv', '--out', 'no/such/data'], /\[OUT_FOLDER\]/],
    [['features', 'micro', 'here.mp4', '--out', 'no/such/f'], /\[OUT_FOLDER\]/],
    [['bundle', '--dataset', 'd', '--out', 'no/such/b'], /\[OUT_FOLDER\]/],
    [['refit', '--bundle', 'b', '--labels', 'l.csv', '--out', 'no/such/b'], /\[OUT_FOLDER\]/],
    [['visualise', 'sheet', '--clips', 'c', '--labels', 'l', '--out', 'no/s.png'], /\[OUT_FOLDER\]/],
    [['train', '--dataset', 'd', '--artifacts', 'no/such/a'], /--artifacts.*\[OUT_FOLDER\]/],
    [['serve', '--ui', '--bundle', 'b', '--project', 'no/such/p'], /--project.*\[OUT_FOLDER\]/],
    [['demo', '--dir', 'no/such/demo'], /--dir.*\[OUT_FOLDER\]/],
    [['train', '--dataset', 'gone'], /no folder .*gone \[DATASET_NOT_FOUND\]/],
    [['score', '--labels', 'gone.csv', '--predictions', 'gone.csv'], /\[DATASET_NOT_FOUND\]/],
    [['import', 'gone.csv', '--out', 'd'], /\[DATASET_NOT_FOUND\]/],
    [['import', 'gone/datapackage.json', '--out', 'd'], /\[EXCHANGE_FILE\]/],
    [['export', 'gone.csv', '--out', 'd'], /\[DATASET_NOT_FOUND\]/],
    [['ui', '--bundle', 'b', '--model', 'm'], /UI_SOURCE/],
    [['serve', '--ui', '--bundle', 'gone'], /\[BUNDLE_/],
    [['export', 'gone.json', '--out', 'd'], /\[PREDICTIONS_FILE\]/],
    [['export', 'gone.parquet', '--out', 'd'], /gone\.parquet/],
    [['refit', '--bundle', 'gone', '--labels', 'l.csv'], /\[/],
    [['predict', 'here.mp4', '--bundle', 'gone', '--out', 'p.csv'], /\[BUNDLE_/],
    [['predict', 'here.mp4', '--bundle', 'b', '--out', 'p.csv', '--sites', 'gone.csv'], /\[DATASET_NOT_FOUND\]/],
    [['inspect', 'here.mp4', '--bundle', 'gone'], /\[BUNDLE_/],
  ])('%j', async (args, says) => {
    await writeFile('here.mp4', '');
    const { status, stderr, stdout } = await said(...args);
    expect(stderr).toMatch(says);
    expect({ status, stdout }, stderr).toEqual({ status: 2, stdout: '' });
    expect(await readdir('.')).toEqual(['here.mp4']);
  });

  it('but a list of clips keeps a row for one that is not there, and a dataset may bring its folder along', async () => {
    await writeFile('here.mp4', '');
    expect((await said('probe', 'here.mp4', 'gone.mp4', '--json')).stdout).toMatch(/"missing"/);
    await writeFile('l.csv', 'filepath,label\na.mp4,hog\nb.mp4,bird\n');
    expect((await said('import', 'l.csv', '--out', 'data/mine')).status).toBe(0);
    expect(existsSync(join('data', 'mine', 'train_labels.csv'))).toBe(true);
  });
});

it('predict refuses clips that a reader of its result could not tell apart', async () => {
  await mkdir('clips');
  for (const name of ['ta\u00ef.mp4', 'tai\u0308.mp4']) await writeFile(join('clips', name), '');
  // Where the file system knows both as one there is nothing to refuse.
  if ((await readdir('clips')).length < 2) return;
  const { status, stderr } = await said('predict', 'clips', '--bundle', 'gone', '--out', 'p.csv');
  expect(stderr).toMatch(/two clips have the name ta\u00ef\.mp4: .* \[PREDICT_NAMES\]/);
  expect(status).toBe(2);
});

describe('settings in a file', () => {
  const folds = async (...args: string[]) => said('folds', '--labels', 'l.csv', '--json', ...args);
  const foldCount = (stdout: string) => (JSON.parse(stdout) as { folds: unknown[] }).folds.length;
  beforeEach(async () => {
    await writeFile('l.csv', labels);
    await writeFile('primatrix.json', '\uFEFF{ "folds": 3, "seed": 7, "time-zone": "+02:00" }');
  });

  it('are defaults: the command line goes before, and another file instead', async () => {
    expect(foldCount((await folds()).stdout)).toBe(3);
    expect(foldCount((await folds('--folds', '2')).stdout)).toBe(2);
    await mkdir('sub');
    await writeFile('sub/other.json', '{ "folds": 4, "sites": "s.csv" }');
    await writeFile('sub/s.csv', 'filename,site\na.mp4,1\nb.mp4,2\nc.mp4,3\nd.mp4,4\n');
    // Files that it names are seen from it.
    expect(foldCount((await folds('--config', 'sub/other.json')).stdout)).toBe(4);
    expect(foldCount((await folds('--config=sub/other.json', '--folds', '2')).stdout)).toBe(2);
  });

  it('stand for options that must be given, also for those of commands below', async () => {
    await writeFile('primatrix.json', '{ "bundle": "gone" }');
    await writeFile('a.mp4', '');
    expect((await said('inspect', 'a.mp4')).stderr).toMatch(/\[BUNDLE_/);
    await writeFile('primatrix.json', '{ "weights": "w" }');
    expect(await said('weights', 'list', '--json')).toMatchObject({ status: 0, stdout: '[]\n' });
  });

  it.each([
    ['{ "fold": 3 }', /primatrix\.json: there is no setting "fold" \[CONFIG_FILE\]\n {2}did you mean "folds"\?/],
    ['{ "constructor": 3 }', /there is no setting "constructor"/],
    ['{ "folds": "three" }', /primatrix\.json: "folds": .*expected number/],
    ['{ "folds": 1 }', /"folds"/],
    ['{ "device": "gpu" }', /"device": Allowed choices are cpu, cuda/],
    ['[]', /expected object/],
    ['folds = 3', /primatrix\.json: cannot be read/],
  ])('%s is refused', async (text, says) => {
    await writeFile('primatrix.json', text);
    const { status, stderr, stdout } = await (text.includes('device')
      ? said('predict', 'l.csv', '--bundle', 'b', '--out', 'x')
      : folds());
    expect(stderr).toMatch(says);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('that are named must be there; help works without', async () => {
    expect(await folds('--config', 'gone.json')).toMatchObject({ status: 2 });
    await writeFile('primatrix.json', 'broken');
    const { status, stdout } = await said('folds', '--help');
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--config <json>') as string,
    });
  });

  it('give way to what the command line says instead', async () => {
    await writeFile('primatrix.json', '{ "dataset": "gone", "sites": "gone.csv" }');
    await writeFile('p.csv', 'filename,bird,hog\na.mp4,1,0\nb.mp4,0,1\nc.mp4,1,0\nd.mp4,0,1\n');
    const { stderr } = await said(
      'threshold',
      '--labels',
      'l.csv',
      '--predictions',
      'p.csv',
      '--lose',
      '5%',
      '--blank',
      'hog',
    );
    expect(stderr).not.toMatch(/THRESHOLD_TABLES/);
    expect((await said('bundle', 'gone', '--without-after', '5')).stderr).not.toMatch(/BUNDLE_USE/);
  });
});

describe('help', () => {
  it('lists commands in groups, and options of long commands', async () => {
    const { stdout } = await said('--help');
    expect(stdout.match(/^[A-Z].{1,60}[a-z]:$/gm)).toEqual([
      'Options:',
      'Start here:',
      'Train and predict:',
      'Labels, scores and other tools:',
      'Look into clips and models:',
      'Services and upkeep:',
    ]);
    expect(stdout).toContain('primatrix.json');
    expect((await said('predict', '--help')).stdout).toMatch(/^Services:$/m);
  });
});
