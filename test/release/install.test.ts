import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  makePlainPath,
  onnxruntimeFiles,
  packagesBehind,
  prunedLock,
  publishFolder,
  stagePackage,
  startRegistry,
  targets,
  workspacePackages,
  writePlatformPackage,
  writeSlimOnnxruntime,
  type PackageLock,
  type Target,
  type WorkspacePackage,
} from '@primatrix/deploy';
import { ensureLibrary } from '@primatrix/lightgbm-ts';
import { freePort, temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { findLibrary } from '@primatrix/xgboost-ts';
import { expect, inject, it } from 'vitest';

const run = promisify(execFile);
const root = workspaceRoot();
const sample = inject('trainedSample');
const target = targets.find(({ platform, arch }) => platform === process.platform && arch === process.arch);

it.skipIf(target === undefined)(
  'is installed from a registry without a compiler, with its scripts, and predicts',
  { timeout: 480_000 },
  async () => {
    await using folder = await temporaryFolder('primatrix-install-');
    await using registry = await startRegistry({ storage: folder.join('registry'), port: await freePort() });
    for (const place of await packageFolders(target as Target, folder.join('staged'))) {
      await publishFolder(registry, place, folder.path);
    }
    const bin = folder.join('bin');
    await makePlainPath(bin, process.execPath);
    const npmrc = folder.join('npmrc');
    await writeFile(npmrc, `registry=${registry.url}\naudit=false\nfund=false\nupdate-notifier=false\n`);
    const project = folder.join('project');
    await mkdir(project);
    // The registry holds the versions that the workspace has: some others than what packages ask for.
    const { overrides } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { overrides: object };
    await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, overrides }));
    const { FFMPEG_PATH, FFPROBE_PATH } = process.env;
    const env = {
      PATH: bin,
      ...(FFMPEG_PATH === undefined ? {} : { FFMPEG_PATH }),
      ...(FFPROBE_PATH === undefined ? {} : { FFPROBE_PATH }),
      HOME: folder.path,
      NPM_CONFIG_USERCONFIG: npmrc,
      npm_config_cache: folder.join('npm-cache'),
      // Its own: no library that the tests have compiled, and no weights that somebody imported.
      PRIMATRIX_CACHE: folder.join('cache'),
      PRIMATRIX_WEIGHTS: folder.join('weights'),
    };
    const here = (command: string, ...args: string[]) =>
      run(command, args, { cwd: project, env, maxBuffer: 64e6 }).catch((error: { stdout: string; stderr: string }) => {
        throw new Error(`${command} ${args.join(' ')}\n${error.stdout}\n${error.stderr}`);
      });
    await here('npm', 'install', 'primatrix', '--foreground-scripts');

    const installed = JSON.parse(
      await readFile(join(project, 'node_modules/.package-lock.json'), 'utf8'),
    ) as PackageLock;
    expect(Object.keys(installed.packages).length).toBeLessThanOrEqual(250);
    const megabytes = Number((await run('du', ['-sm', join(project, 'node_modules')])).stdout.split('\t')[0]);
    expect(megabytes).toBeLessThanOrEqual(400);
    const others = Object.keys(installed.packages).filter((place) => /(linux|darwin|win32)-(x64|arm64)/.test(place));
    expect(others.filter((place) => !place.includes(`${process.platform}-${process.arch}`))).toEqual([]);
    expect(existsSync(join(project, 'node_modules/lightgbm'))).toBe(false);

    const primatrix = (...args: string[]) => here('npx', '--no-install', 'primatrix', ...args);
    const findings = JSON.parse((await primatrix('doctor', '--json')).stdout) as { what: string; says: string }[];
    for (const what of ['lightgbm', 'xgboost']) {
      expect(findings.find((finding) => finding.what === what)?.says).toContain(`@primatrix/${what}-`);
    }
    await primatrix(
      'predict',
      join(sample.dataset, 'clips/clip_0001.mp4'),
      '--bundle',
      sample.bundle,
      '--out',
      'p.csv',
    );
    // The same numbers to the last digit as in the workspace, whose LightGBM was compiled here.
    const workspace = folder.join('workspace.csv');
    const cli = join(root, 'apps/primatrix/bin/primatrix.js');
    const clip = join(sample.dataset, 'clips/clip_0001.mp4');
    await run(process.execPath, [cli, 'predict', clip, '--bundle', sample.bundle, '--out', workspace], {
      // The same ffmpeg: where none is named, npm's.
      env: { ...process.env, PATH: bin, PRIMATRIX_WEIGHTS: folder.join('weights') },
    });
    expect(await readFile(join(project, 'p.csv'), 'utf8')).toBe(await readFile(workspace, 'utf8'));
    expect(await access(env.PRIMATRIX_CACHE).catch(() => 'nothing was built')).toBe('nothing was built');
  },
);

/** Folders of all packages that an installation of the command line needs, for one platform. */
async function packageFolders(platform: Target, staged: string): Promise<string[]> {
  const packages = workspacePackages(root);
  const needed = packagesBehind(packages, 'primatrix');
  const folders = new Map<WorkspacePackage, { folder: string; manifest: object }>();
  for (const item of needed) {
    const folder = join(staged, item.project);
    await stagePackage(root, item, packages, folder);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object;
    folders.set(item, { folder, manifest });
  }
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as PackageLock;
  const { foreign } = prunedLock(lock, folders, {});
  const of = { target: platform, licences: {}, origin: '' };
  const natives = [
    await writeSlimOnnxruntime(staged),
    await writePlatformPackage(await onnxruntimeFiles(platform), staged),
    await writePlatformPackage({ ...of, library: 'lightgbm', files: [await ensureLibrary()] }, staged),
    await writePlatformPackage({ ...of, library: 'xgboost', files: [await findLibrary()] }, staged),
  ];
  // One version can lie in several places; of other platforms' packages nothing lies here.
  const others = new Map<string, string>();
  for (const place of foreign.keys()) {
    if (place === 'node_modules/onnxruntime-node' || !existsSync(join(root, place))) continue;
    const text = await readFile(join(root, place, 'package.json'), 'utf8');
    const { name, version } = JSON.parse(text) as { name: string; version: string };
    others.set(`${name}@${version}`, join(root, place));
  }
  return [...[...folders.values()].map(({ folder }) => folder), ...others.values(), ...natives];
}
