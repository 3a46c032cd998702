import { expect, it } from 'vitest';
import { nodeRelease } from './node-release.ts';

it.each([
  ['18.20.0', '2026-11-30', 'missing'],
  ['20.18.9', '2026-11-30', 'missing'],
  ['20.19.0', '2026-04-30', 'ok'],
  ['20.20.2', '2026-05-01', 'warning'],
  ['22.23.3', '2026-11-30', 'ok'],
  ['25.9.0', '2026-11-30', 'warning'],
  ['26.10.0', '2026-11-30', 'ok'],
])('Node %s on %s: %s', (version, today, state) => {
  expect(nodeRelease(version, today).state).toBe(state);
});

it('says what to do about a release that is past its end', () => {
  expect(nodeRelease('20.20.2', '2026-11-30').advice).toMatch(/no security fixes: install Node 22 or 24/);
});
