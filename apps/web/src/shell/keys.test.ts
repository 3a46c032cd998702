import { afterEach, expect, it, vi } from 'vitest';
import { changeKey, keyOf, keyTable, resetKeys, usualKeyOf } from './keys.ts';

afterEach(() => {
  resetKeys();
  vi.unstubAllGlobals();
});

it('has every key once', () => {
  const keys = keyTable.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

it('gives an action another key; the old one then does nothing, until another action has it', () => {
  expect(changeKey('a', 'f')).toBeNull();
  expect([keyOf('a'), usualKeyOf('f'), usualKeyOf('a'), usualKeyOf('b')]).toEqual(['f', 'a', undefined, 'b']);
  expect(changeKey('b', 'a')).toBeNull();
  expect([usualKeyOf('a'), usualKeyOf('b')]).toEqual(['b', undefined]);
  resetKeys();
  expect([keyOf('a'), usualKeyOf('a'), usualKeyOf('f')]).toEqual(['a', 'a', 'f']);
});

it('refuses a key that does something else, and what is no single sign', () => {
  expect(changeKey('a', 'u')).toBe('“u” is in use: unsure.');
  for (const key of ['3', 'Enter', ' ', '*', 'X', '']) expect(changeKey('a', key)).toContain('single letter');
  expect(keyOf('a')).toBe('a');
  // One's own key is no other's.
  expect(changeKey('a', 'a')).toBeNull();
});

it('keeps keys in the browser, and takes nothing damaged from there', async () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  });
  changeKey('z', 'q');
  vi.resetModules();
  const again = await import('./keys.ts');
  expect(again.keyOf('z')).toBe('q');
  for (const damaged of ['no json', '[1]', '{"z":5,"nothing":"k","a":"12"}', 'null']) {
    kept.set('primatrix-keys', damaged);
    vi.resetModules();
    expect((await import('./keys.ts')).keyOf('z')).toBe('z');
  }
});
