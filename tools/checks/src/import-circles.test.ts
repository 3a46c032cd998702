import { expect, it } from 'vitest';
import { fixtureCheckout } from './checkout.fixture.ts';
import { importCircles } from './import-circles.mjs';

it('finds a circle that only types close, and says where it begins', async () => {
  await using checkout = await fixtureCheckout({
    'libs/a/src/one.ts': "// first\nimport { two } from './two.ts';\nexport const one = two;\n",
    'libs/a/src/two.ts': "import {\n  three,\n} from './deep/three.ts';\nexport const two = three;\n",
    'libs/a/src/deep/three.ts': "export const three = 3;\nexport type One = import('../one.ts').one;\n",
    'libs/a/src/outside.ts': "import { one } from './one.ts';\nexport const outside = one;\n",
  });
  expect(importCircles(checkout.path)).toEqual([
    {
      file: 'libs/a/src/deep/three.ts',
      line: 2,
      message:
        'imports itself by way of libs/a/src/one.ts -> libs/a/src/two.ts -> libs/a/src/deep/three.ts: ' +
        'move what both need into a file of its own',
    },
  ]);
});

it('finds each of two circles, and a file that imports itself', async () => {
  await using checkout = await fixtureCheckout({
    'a.ts': "export * from './b.ts';\n",
    'b.ts': "export * from './a.ts';\nexport * from './c.ts';\n",
    'c.ts': "export * from './d.ts';\n",
    'd.ts': "import './c.ts';\n",
    'e.ts': "export * from './e.ts';\n",
  });
  expect(
    importCircles(checkout.path)
      .map(({ file }) => file)
      .sort(),
  ).toEqual(['a.ts', 'c.ts', 'e.ts']);
});

it('takes ways that meet again, comments and texts for no circle', async () => {
  await using checkout = await fixtureCheckout({
    'a.ts': "import { b } from './b.ts';\nimport { c } from './c.ts';\nexport const a = [b, c];\n",
    'b.ts': "export { c as b } from './c.ts';\n",
    'c.ts': "/**\n * import { a } from './a.ts';\n */\nexport const c = `from './a.ts'`;\n",
  });
  expect(importCircles(checkout.path)).toEqual([]);
});
