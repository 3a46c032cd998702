import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrimatrixError } from '@primatrix/contracts';
import type { FetchedPackage } from './fetch-package.ts';
import { nativeLibrary, onnxruntimeVersion, platformDependencies } from './native-packages.ts';
import type { Target } from './targets.ts';
import type { PlatformFiles } from './write-package.ts';

/** Name under which packages that are installed from a registry get ONNX Runtime. */
export const slimOnnxruntime = '@primatrix/onnxruntime';

/** ONNX Runtime with the libraries of every platform, of which a built clone keeps its own alone. */
export const originalOnnxruntime: FetchedPackage = {
  name: 'onnxruntime-node',
  version: onnxruntimeVersion,
  integrity: 'sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw==',
};

/** The line of its binding.js that finds the library; `after` looks into the package of the platform. */
const finds = {
  before: 'require(`../bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`)',
  after: `require(\`${slimOnnxruntime}-\${process.platform}-\${process.arch}\`)`,
};

/**
 * The libraries of ONNX Runtime for a target, as npm's onnxruntime-node has them.
 * @param from folder of that package: the installed one is whole for this platform
 */
export async function onnxruntimeFiles(target: Target, from = installed()): Promise<PlatformFiles> {
  const folder = join(from, 'bin/napi-v6', target.platform, target.arch);
  const binding = 'onnxruntime_binding.node';
  const others = (await readdir(folder)).filter((name) => name !== binding);
  return {
    library: 'onnxruntime',
    target,
    // macOS has the same library under two names; only one is asked for.
    files: [binding, ...others.filter((name) => !/\d+\.\d+\.\d+\.dylib$/.test(name))].map((name) => join(folder, name)),
    licences: { 'README.upstream.md': join(installed(), 'README.md') },
    origin: `The files of npm's onnxruntime-node ${await installedVersion()} for this platform, unchanged.`,
  };
}

/**
 * Writes `@primatrix/onnxruntime`: onnxruntime-node's own JavaScript without its install script, which wants a download,
 * and without the other platforms' libraries. Packages depend on it under the name onnxruntime-node.
 * @returns its folder
 * @throws PrimatrixError NATIVE_ONNXRUNTIME where another version is installed, or one that finds its library otherwise
 */
export async function writeSlimOnnxruntime(out: string): Promise<string> {
  const { version, licence, description } = nativeLibrary('onnxruntime');
  const from = installed();
  const is = await installedVersion();
  const folder = join(out, 'onnxruntime');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of ['dist', 'lib', 'README.md']) await cp(join(from, name), join(folder, name), { recursive: true });
  const binding = join(folder, 'dist/binding.js');
  const text = await readFile(binding, 'utf8');
  if (is !== version || text.split(finds.before).length !== 2) {
    throw new PrimatrixError('NATIVE_ONNXRUNTIME', `deploy: onnxruntime-node ${is} is not the one this release knows`, {
      hint: 'look at its dist/binding.js, and set onnxruntimeVersion in native-packages.ts',
    });
  }
  await writeFile(binding, text.replace(finds.before, finds.after));
  const upstream = JSON.parse(await readFile(join(from, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const manifest = {
    name: slimOnnxruntime,
    version,
    description: `${description}: onnxruntime-node, with the library of one platform`,
    license: licence,
    main: 'dist/index.js',
    types: 'dist/index.d.ts',
    dependencies: { 'onnxruntime-common': upstream.dependencies['onnxruntime-common'] },
    optionalDependencies: platformDependencies('onnxruntime'),
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return folder;
}

function installed(): string {
  return dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
}

async function installedVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(installed(), 'package.json'), 'utf8')) as { version: string };
  return version;
}
