import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { discoverFamilies } from '@primatrix/families';
import { temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { familiesNamedIn } from '../support/family-names.ts';

/** What is shared by all families and must know none of them: a family says what it can do, needs and makes. */
const shared = ['libs', 'apps/primatrix/src', 'apps/gateway/src', 'apps/web/src', 'tools/deploy/src'];

/** Words that mean something else as well: a kind of family, a stage, a part of a clip. */
const words = new Set(['ensemble', 'neighbours', 'audio']);

/** Where a family is named, and why that is right. */
const allowed: Readonly<Record<string, string>> = {
  'apps/primatrix/src/commands/visualise.ts: vgg16':
    'a default that help and pages show: any other backbone can be given',
  'libs/testkit/src/small-bundle.ts: video-ingest':
    'the one part that every bundle has; what else a bundle of tests has is made up',
  'tools/deploy/src/install/try-install.ts: net-imagehash-gru':
    'the quickest net, for the smallest training that is still all of the pipeline',
};

const families = await discoverFamilies(new URL('apps/primatrix/', `${pathToFileURL(workspaceRoot()).href}/`));
const names = new Set(families.map(({ name }) => name).filter((name) => !words.has(name)));

it('shared code asks no family for its name', () => {
  expect(names.size).toBeGreaterThan(20);
  const found = familiesNamedIn(shared, names).map(({ file, name }) => `${file}: ${name}`);
  expect([...new Set(found)].sort()).toEqual(Object.keys(allowed).sort());
});

it('finds names in conditions, tables, and beginnings, and not in sentences', async () => {
  await using folder = await temporaryFolder();
  const text = [
    "const a = name.startsWith('stack-lightgbm');",
    'const b = { vgg16: [512] };',
    "const c = ['stack-xgboost-a'];",
    'const d = `image-hash`;',
    "const e = 'for example vgg16, image-hash';",
  ];
  await writeFile(folder.join('a.ts'), text.join('\n'));
  const below = relative(workspaceRoot(), folder.path);
  expect(familiesNamedIn([below], names)).toEqual(
    ['stack-lightgbm', 'vgg16', 'stack-xgboost', 'image-hash'].map((name) => ({ file: join(below, 'a.ts'), name })),
  );
});
