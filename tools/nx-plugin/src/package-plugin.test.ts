import { mkdir, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { createNodes } from './package-plugin.mjs';

const roots = ['libs/contracts', 'libs/rng', 'apps/families/nets/net-gru', 'apps/families/ensemble', 'tools/deploy'];

it('tells what a package is by where it lies, and gives a test to those that have sources', async () => {
  await using folder = await temporaryFolder();
  for (const root of roots) {
    const name = root.split('/').at(-1) as string;
    await mkdir(folder.join(root, name === 'net-gru' ? '.' : 'src'), { recursive: true });
    await writeFile(folder.join(root, 'package.json'), JSON.stringify({ name: `@primatrix/${name}`, nx: { name } }));
  }
  const files = roots.map((root) => `${root}/package.json`);
  const nodes = await createNodes[1](files, undefined, { workspaceRoot: folder.path, nxJsonConfiguration: {} });
  const projects = Object.assign({}, ...nodes.map(([, result]) => result.projects)) as Record<
    string,
    { tags: string[]; targets: Record<string, { command: string }> }
  >;
  const found = Object.entries(projects).map(([root, { tags, targets }]) => [
    root,
    tags.join(' '),
    targets['test']?.command,
  ]);
  expect(found).toEqual([
    ['libs/contracts', 'type:contracts', 'vitest run --project contracts'],
    ['libs/rng', 'type:lib', 'vitest run --project rng'],
    ['apps/families/nets/net-gru', 'type:family scope:nets', undefined],
    ['apps/families/ensemble', 'type:family', 'vitest run --project ensemble'],
    ['tools/deploy', 'type:tool', 'vitest run --project deploy'],
  ]);
});
