import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fetchNode, publishRelease, startRegistry } from '@primatrix/deploy';
import { freePort, temporaryFolder, workspaceRoot, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../support/primatrix.ts';
import { hasWine, startWine, windowsPath, type WineResult } from '../support/wine.ts';

const root = workspaceRoot();
const natives = join(root, 'artifacts/native');
/** XGBoost's may be missing: both systems then do without it. */
const wanted = ['lightgbm-win32-x64', 'onnxruntime', 'onnxruntime-win32-x64'];
/** Wine on a busy machine takes many times as long as on an idle one: these end what hangs. */
const minutes = 60_000;
/** Settings of the smallest training that is still all of the pipeline. */
const training = ['--folds', '2', '--only', 'net-imagehash-gru'];

/**
 * The Windows tree, as it is installed from a registry, run by Windows' Node under Wine, beside this system. It needs a
 * network, wine64, and the packages of `nx run deploy:native --target win32-x64`: of
 * LightGBM and ONNX Runtime at least.
 */
describe.skipIf(!hasWine || !wanted.every((name) => existsSync(join(natives, name))))('on Windows', () => {
  let folder: TemporaryFolder;
  const windows = async (name: string, ...args: string[]): Promise<WineResult> => {
    const program = await startPrimatrix(name, args);
    return program.ended;
  };
  const startPrimatrix = (name: string, args: readonly string[]) =>
    startWine(
      folder.join('wine'),
      name,
      [
        folder.join('node/bin/node.exe'),
        windowsPath(folder.join('tree/node_modules/primatrix/bin/primatrix.js')),
        ...args,
      ],
      folder.path,
    );
  const at = (...parts: string[]) => windowsPath(folder.join(...parts));
  /** Where Windows has no library for XGBoost, this system does without it, too. */
  const alike = () =>
    existsSync(join(natives, 'xgboost-win32-x64')) ? {} : { PRIMATRIX_XGBOOST: folder.join('none') };

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-windows-');
    await writeFile(folder.join('none'), 'no library');
    await installWindowsTree(folder);
    const prefix = await startWine(folder.join('wine'), 'winecfg', ['winecfg', '-v', 'win10'], folder.path);
    await prefix.ended;
    const made = await run(['sample', '--out', folder.join('sample'), '--clips', '16'], { cwd: folder.path });
    expect(made.status, made.stderr).toBe(0);
  }, 20 * minutes);

  afterAll(() => folder.remove());

  it('tells what works', { timeout: 15 * minutes }, async () => {
    const { status, stdout, stderr } = await windows('doctor', 'doctor', '--json');
    expect(status, stderr).toBe(0);
    const findings = JSON.parse(stdout) as { what: string; state: string; says: string }[];
    expect(findings.filter(({ state }) => state === 'missing')).toEqual([]);
    expect(findings.find(({ what }) => what === 'lightgbm')?.says).toContain('lightgbm-win32-x64');
  });

  it('draws a sample', { timeout: 15 * minutes }, async () => {
    const { status, stderr } = await windows('sample', 'sample', '--out', at('drawn'), '--clips', '16');
    expect(status, stderr).toBe(0);
    expect(await readdir(folder.join('drawn/clips'))).toHaveLength(16);
  });

  it('hashes to the same bits', { timeout: 15 * minutes }, async () => {
    const here = await run(['hash', folder.join('sample/clips/clip_0001.mp4'), '--json']);
    const there = await windows('hash', 'hash', at('sample/clips/clip_0001.mp4'), '--json');
    const [a, b] = [here.stdout, there.stdout].map((text) => JSON.parse(text) as { hashes: unknown; row: unknown });
    expect(b?.hashes).toEqual(a?.hashes);
    expect(b?.row).toEqual(a?.row);
  });

  it('trains and predicts to the same rows', { timeout: 60 * minutes }, async () => {
    const trained = await windows('train', 'train', '--dataset', at('sample'), '--artifacts', at('there'), ...training);
    // 1: the sample has a clip that cannot be read.
    expect(trained.status, trained.stderr).toBe(1);
    const clips = ['--bundle', at('there/sample/bundle'), '--out', at('there.csv')];
    const predicted = await windows('predict', 'predict', at('sample/clips'), ...clips);
    expect(predicted.status, predicted.stderr).toBe(1);

    const env = alike();
    const places = ['--dataset', folder.join('sample'), '--artifacts', folder.join('here')];
    expect((await run(['train', ...places, ...training], { env })).status).toBe(1);
    const own = ['--bundle', folder.join('here/sample/bundle'), '--out', folder.join('here.csv')];
    expect((await run(['predict', folder.join('sample/clips'), ...own], { env })).status).toBe(1);
    const [there, here] = await Promise.all(['there.csv', 'here.csv'].map((name) => rowsOf(folder.join(name))));
    expect(there?.map((row) => row.slice(0, 3))).toEqual(here?.map((row) => row.slice(0, 3)));
    here?.forEach((row, i) =>
      row.slice(-8).forEach((cell, k) => expect(Number(there?.[i]?.at(k - 8))).toBeCloseTo(Number(cell), 6)),
    );
  });

  it('exports', { timeout: 15 * minutes }, async () => {
    const { status, stderr } = await windows('export', 'export', at('there.csv'), '--out', at('package'));
    expect(status, stderr).toBe(0);
    expect((await readdir(folder.join('package'))).sort()).toEqual(
      expect.arrayContaining(['datapackage.json', 'deployments.csv', 'media.csv', 'observations.csv']),
    );
  });

  it('shows its pages', { timeout: 15 * minutes }, async () => {
    const port = await freePort();
    const bundle = at('there/sample/bundle');
    await mkdir(folder.join('season'));
    const args = ['ui', at('season'), '--no-open', '--bundle', bundle, '--port', String(port)];
    const program = await startPrimatrix('ui', args);
    try {
      let page = '';
      for (let second = 0; second < 600 && page === ''; second++) {
        page = await fetch(`http://127.0.0.1:${port}/`).then(
          (answer) => answer.text(),
          () => sleep(1000, ''),
        );
      }
      expect(page).toContain('<title>Primatrix</title>');
    } finally {
      program.stop();
      await program.ended;
    }
  });
});

/** Cells of a CSV file without quotes that matter: file names here have none. */
async function rowsOf(path: string): Promise<string[][]> {
  return (await readFile(path, 'utf8'))
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
}

/** Node for Windows from npm, and Primatrix as a registry gives it to a Windows machine. */
async function installWindowsTree(folder: TemporaryFolder): Promise<void> {
  await fetchNode('22', { platform: 'win32', arch: 'x64' }, folder.join('node'));
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  await using registry = await startRegistry({ storage: folder.join('registry'), port: await freePort(), upstream });
  await publishRelease(registry, root, { natives, target: 'win32-x64', scratch: folder.path });
  await mkdir(folder.join('tree'));
  await writeFile(folder.join('tree/package.json'), '{ "private": true }');
  await writeFile(folder.join('npmrc'), `registry=${registry.url}\naudit=false\nfund=false\nignore-scripts=true\n`);
  const where = ['--os=win32', '--cpu=x64', '--cache', folder.join('npm-cache')];
  await promisify(execFile)('npm', ['install', 'primatrix', ...where], {
    cwd: folder.join('tree'),
    env: { ...process.env, NPM_CONFIG_USERCONFIG: folder.join('npmrc') },
  });
}
