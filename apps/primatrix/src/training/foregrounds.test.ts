import { expect, it } from 'vitest';
import { installedFamilies } from '../installed-families.ts';
import { withForegrounds } from './foregrounds.ts';

const installed = await installedFamilies();
const foregrounds = (names: readonly string[], families = installed) =>
  withForegrounds(families, { names, installed, profile: 'laptop' });

it('trains the nets for any vectors with and without the background, each once', () => {
  const added = foregrounds(['mobilenet-v2', 'mobilenet-v2']).slice(installed.length);
  // Both nets read mobilenet-v2 as it is already.
  expect(added.map(({ name }) => name).sort()).toEqual([
    'mobilenet-v2-foreground',
    'net-frame-statistics-mobilenet-v2-foreground',
    'net-linear-probe-mobilenet-v2-foreground',
  ]);
  expect(added.find(({ kind }) => kind === 'features')).toMatchObject({
    background: { of: 'mobilenet-v2', motion: 'image-hash', boxes: [] },
  });
  const without = installed.filter(({ name }) => name !== 'net-linear-probe');
  expect(foregrounds(['mobilenet-v2'], without).map(({ name }) => name)).toContain('net-linear-probe-mobilenet-v2');
  expect(foregrounds([])).toEqual(installed);
});

it.each([
  ['dino', 'FAMILY_UNKNOWN'],
  ['image-hash', 'BACKGROUND_FEATURE'],
  ['micro', 'BACKGROUND_FEATURE'],
])('refuses %s', (name, code) => {
  expect(() => foregrounds([name])).toThrow(expect.objectContaining({ code }) as Error);
});
