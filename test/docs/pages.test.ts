import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  freePort,
  natsServerAvailable,
  startNatsServer,
  temporaryFolder,
  workspaceRoot,
  type NatsServer,
  type TemporaryFolder,
} from '@primatrix/testkit';
import { expect, inject, it } from 'vitest';
import { followPage } from '../support/follow-page.ts';

const sample = inject('trainedSample');

/** A folder as a reader has it who has followed the tutorial as far as the training: its commands find that work done. */
async function trainedFolder(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder('primatrix-docs-');
  await cp(sample.dataset, folder.join('data/sample'), { recursive: true });
  await cp(sample.artifacts, folder.join('artifacts/sample'), { recursive: true });
  await symlink(join(workspaceRoot(), 'infra'), folder.join('infra'));
  await mkdir(folder.join('my-clips'));
  for (const name of ['clip_0001.mp4', 'clip_0002.mp4']) {
    await cp(folder.join('data/sample/clips', name), folder.join('my-clips', name));
  }
  return folder;
}

/** The pages answer at the address that is printed. */
async function openPrinted(output: string): Promise<void> {
  const address = /open +(\S+)/.exec(output)?.[1] ?? '';
  const answer = await fetch(address, { redirect: 'manual' });
  expect([address, answer.status]).toEqual([address, 303]);
}

/** The port of the pages may be taken here. */
function onFreePort(port: number): (readonly [string, string])[] {
  return [
    ['serve --ui', `serve --ui --port ${port}`],
    ['127.0.0.1:8337', `127.0.0.1:${port}`],
  ];
}

it('the tutorial', async () => {
  await using folder = await trainedFolder();
  await followPage('docs/tutorial.md', {
    folder: folder.path,
    instead: onFreePort(await freePort()),
    meanwhile: openPrinted,
  });
});

it("training on one's own species", async () => {
  await using folder = await trainedFolder();
  await followPage('docs/train-your-own.md', { folder: folder.path });
});

it('the command line', async () => {
  await using folder = await trainedFolder();
  await followPage('docs/command-line.md', { folder: folder.path, meanwhile: openPrinted });
});

it('installation', async () => {
  await using folder = await temporaryFolder('primatrix-docs-');
  await followPage('docs/install.md', { folder: folder.path });
});

it('scaling', async () => {
  await using folder = await temporaryFolder('primatrix-docs-');
  await followPage('docs/scaling.md', { folder: folder.path });
});

it('graphics cards', async () => {
  await using folder = await temporaryFolder('primatrix-docs-');
  await followPage('docs/gpu.md', { folder: folder.path });
});

it('models', async () => {
  await using folder = await temporaryFolder('primatrix-docs-');
  await followPage('docs/models.md', { folder: folder.path });
});

it('working together', async () => {
  await using folder = await temporaryFolder('primatrix-docs-');
  await followPage('docs/working-together.md', { folder: folder.path });
});

it('file formats', async () => {
  await using folder = await trainedFolder();
  await followPage('docs/file-formats.md', { folder: folder.path });
});

it('the original, which wants clips that nobody may hand on', async () => {
  await using folder = await temporaryFolder();
  const { ran, notRun } = await followPage('docs/the-original.md', { folder: folder.path });
  expect({ ran, notRun: notRun.length }).toEqual({ ran: 0, notRun: 1 });
});

/** Commands that name the broker of the pages meet this one. */
function onServer(server: NatsServer): (readonly [string, string])[] {
  return [['nats://127.0.0.1:4222', server.url]];
}

it('README', async () => {
  await using folder = await trainedFolder();
  await followPage('README.md', { folder: folder.path });
});

it('the pages in the browser', async () => {
  await using folder = await trainedFolder();
  await followPage('docs/pages.md', { folder: folder.path, meanwhile: openPrinted });
});

it('privacy', async () => {
  await using folder = await temporaryFolder('primatrix-docs-');
  await followPage('docs/privacy.md', { folder: folder.path });
});

it.skipIf(!natsServerAvailable())('all commands at a glance', async () => {
  await using folder = await trainedFolder();
  await using server = await startNatsServer();
  // What the page takes for granted: clips, a bundle, a table of sites, labels and a result.
  await symlink(folder.join('my-clips'), folder.join('clips'));
  await symlink(folder.join('artifacts/sample/bundle'), folder.join('bundle'));
  await cp(folder.join('data/sample/clips.csv'), folder.join('clips.csv'));
  await writeFile(folder.join('labels.csv'), 'filepath,label\nclip_0001.mp4,chimpanzee\nclip_0002.mp4,blank\n');
  await followPage('docs/overview.md', {
    folder: folder.path,
    instead: [...onFreePort(await freePort()), ...onServer(server)],
    meanwhile: openPrinted,
  });
});

it('troubleshooting', async () => {
  await using folder = await trainedFolder();
  await mkdir(folder.join('empty'));
  await followPage('docs/troubleshooting.md', { folder: folder.path });
});

it('deployment, of which nothing can be run here', async () => {
  await using folder = await temporaryFolder();
  const { ran, notRun } = await followPage('infra/README.md', { folder: folder.path });
  expect({ ran, notRun: notRun.length }).toEqual({ ran: 0, notRun: 2 });
});
