import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { temporaryFolder, workspaceRoot, type TemporaryFolder } from '@primatrix/testkit';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StageError, stagePackage } from './stage-package.ts';
import { workspacePackages, type PackageManifest, type WorkspacePackage } from './workspace-package.ts';

const packages = workspacePackages(workspaceRoot());

describe('stagePackage (needs the build)', () => {
  let folder: TemporaryFolder;
  const placeOf = ({ project }: WorkspacePackage) => folder.join(project);
  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-packages-');
    for (const item of packages.values()) await stagePackage(workspaceRoot(), item, packages, placeOf(item));
  });
  afterAll(() => folder.remove());

  it.each([...packages.keys()])('%s can be used by who has nothing but what it declares', async (name) => {
    const item = packages.get(name) as WorkspacePackage;
    const place = placeOf(item);
    expect((await publint({ pkgDir: place, pack: false, strict: true })).messages).toEqual([]);
    for (const file of ['README.md', 'LICENSE']) expect(existsSync(join(place, file)), file).toBe(true);

    const text = await readFile(join(place, 'package.json'), 'utf8');
    expect(text).not.toMatch(/@primatrix\/source|"\*"|\.\.\/|"nx"|src\//);
    const manifest = JSON.parse(text) as PackageManifest & { peerDependencies?: Record<string, string> };
    const declared = new Set([
      name,
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.peerDependencies ?? {}),
    ]);
    // A net may be data alone.
    const built = existsSync(join(workspaceRoot(), item.root, 'src'))
      ? await readdir(join(place, 'dist'), { recursive: true })
      : [];
    expect(built.filter((file) => /\.((test|fixture)\.|map$|tsbuildinfo$)/.test(file))).toEqual([]);
    const files = built.filter((file) => file.endsWith('.js'));
    for (const file of files) {
      const code = await readFile(join(place, 'dist', file), 'utf8');
      for (const [, specifier = ''] of code.matchAll(
        /(?:^(?:import|export)\s+[\w*{},$\s]*?\bfrom\s+|^import\s+|\bimport\()['"]([^'"]+)['"]/gm,
      )) {
        if (specifier.startsWith('.')) {
          expect(existsSync(join(place, 'dist', dirname(file), specifier)), `${file}: ${specifier}`).toBe(true);
        } else if (!isBuiltin(specifier)) {
          expect(declared, `${file}: ${specifier}`).toContain(
            specifier
              .split('/')
              .slice(0, specifier.startsWith('@') ? 2 : 1)
              .join('/'),
          );
        }
      }
      // Workers and tables are found from where the file lies. Those of sources run in the workspace only.
      for (const [, relative = ''] of code.matchAll(
        /new URL\(['"](\.[^'"]*\.(?:js|mjs|wasm|json))['"], import\.meta\.url\)/g,
      )) {
        expect(existsSync(join(place, 'dist', dirname(file), relative)), `${file}: ${relative}`).toBe(true);
      }
    }
  });

  it('refuses a package that is not built, and a sibling that is not published', async () => {
    const root = folder.join('workspace');
    const write = async (name: string, manifest: object) => {
      await mkdir(join(root, 'libs', name), { recursive: true });
      await writeFile(
        join(root, 'libs', name, 'package.json'),
        JSON.stringify({ name, version: '1.2.3', ...manifest }),
      );
    };
    await mkdir(join(root, 'apps'), { recursive: true });
    await writeFile(join(root, 'LICENSE'), 'MIT');
    await writeFile(join(root, 'package.json'), '{ "license": "MIT", "engines": { "node": ">=20" } }');
    await write('one', {});
    await write('two', {
      files: [],
      dependencies: { one: '*', other: '^4.0.0' },
      peerDependencies: { three: '*' },
    });
    await write('three', { files: [], dependencies: { hidden: '*' } });
    await write('hidden', { private: true });
    const found = workspacePackages(root);
    const stage = async (name: string) =>
      stagePackage(root, found.get(name) as WorkspacePackage, found, folder.join('out'));
    await expect(stage('one')).rejects.toThrow(StageError);
    await expect(stage('three')).rejects.toThrow(/'hidden' is \* but no package that is published/);
    await stage('two');
    expect(JSON.parse(await readFile(folder.join('out/package.json'), 'utf8'))).toMatchObject({
      license: 'MIT',
      engines: { node: '>=20' },
      dependencies: { one: '^1.2.3', other: '^4.0.0' },
      peerDependencies: { three: '^1.2.3' },
    });
    await rm(folder.join('out'), { recursive: true });
  });
});
