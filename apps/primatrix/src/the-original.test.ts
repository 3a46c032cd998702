import { readFileSync } from 'node:fs';
import type { ClipMetadata } from '@primatrix/contracts';
import { expect, test } from 'vitest';
import { installedFamilies } from './installed-families.ts';

const page = readFileSync(new URL('../../../docs/the-original.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| [^|]+ \| `[a-z0-9-]+:/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| ?|\s*\|$/g, '').trim()))
  .map(([what = '', place = '', original = '', ours = '', why = '', back = '']) => ({
    what,
    place: place.replaceAll('`', ''),
    original,
    ours: JSON.parse(ours.replaceAll('`', '')) as unknown,
    why,
    back,
  }));
const families = await installedFamilies();

const clip: ClipMetadata = {
  ...{ file: 'a.mp4', bytes: 1, sha256: '', container: 'mp4', videoCodec: 'h264', width: 1, height: 1, fps: 1 },
  ...{ frames: 1, durationSeconds: 1, capturedAt: null, audio: null },
};

/** What stands at `family:path`; `columns` are the names of those that the competition profile's clips get. */
function settingAt(place: string): unknown {
  const [name, path = ''] = place.split(':');
  const family = families.find((one) => one.name === name);
  if (family?.kind === 'ingest' && path === 'columns') {
    return Object.keys(family.columns(clip, { profile: 'competition', reference: {}, capturedAt: undefined }));
  }
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], family);
}

test('the page has a row of the training of every net of the competition profile, and of its stackers', () => {
  const places = rows.map(({ place }) => place);
  const nets = families.flatMap((family) =>
    family.kind === 'nets' && family.profiles.includes('competition')
      ? [`${family.name}:settings.competition.train`]
      : [],
  );
  expect(nets).toHaveLength(8);
  expect(places).toEqual(expect.arrayContaining(nets));
  for (const stacker of ['stack-xgboost', 'stack-lightgbm', 'stack-dense']) {
    expect(places.filter((place) => place.startsWith(`${stacker}:`)).length, stacker).toBeGreaterThan(1);
  }
});

test.each(rows)('$what: the page says what the settings are', ({ place, original, ours, why, back }) => {
  expect(settingAt(place)).toEqual(ours);
  // A figure that is not the original's is told with its reason and the way back.
  if (original !== 'the same') expect([why, back]).not.toContain('');
});
