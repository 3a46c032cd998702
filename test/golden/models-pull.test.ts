import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sharedData, temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { run } from '../support/primatrix.ts';

const shared = sharedData('models/yolox_nano.onnx');

it.skipIf(shared === undefined)('models pull: the file that the catalogue speaks of is kept, and runs', async () => {
  await using folder = await temporaryFolder('primatrix-pull-');
  const body = readFileSync(shared as string);
  const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const catalogue = JSON.parse(readFileSync(join(workspaceRoot(), 'libs/models/catalogue.json'), 'utf8')) as {
      models: { card: { name: string }; addresses: Record<string, string> }[];
    };
    const entry = catalogue.models.find(({ card }) => card.name === 'yolox-nano');
    for (const file of Object.keys(entry?.addresses ?? {})) {
      (entry as NonNullable<typeof entry>).addresses[file] =
        `http://127.0.0.1:${(server.address() as AddressInfo).port}/${file}`;
    }
    writeFileSync(folder.join('catalogue.json'), JSON.stringify(catalogue));
    const args = ['models', 'pull', 'yolox-nano', '--catalogue', folder.join('catalogue.json')];
    const { status, stdout, stderr } = await run([...args, '--models', folder.join('models')]);
    expect([status, stderr]).toEqual([0, expect.stringContaining(`yolox-nano is kept in ${folder.join('models')}`)]);
    expect(stdout).toMatch(/licence {2}Apache-2.0; commercial use allowed/);
    expect(stdout).toMatch(/animal {3}bird, cat, dog/);
    const listed = await run(['models', 'pull']);
    expect(listed.stdout).toMatch(/^yolox-nano +detector +3\.7 MB +Apache-2\.0 +allowed +2026-11-30 /m);
  } finally {
    server.close();
  }
});
