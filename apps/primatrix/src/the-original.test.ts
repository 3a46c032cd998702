import { readFileSync } from 'node:fs';
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

/** What stands at `family:path`. */
function settingAt(place: string): unknown {
  const [name, path = ''] = place.split(':');
  const family = families.find((one) => one.name === name);
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

test("the columns of a competition training are the original's 931", () => {
  const nets = families.filter((family) => family.kind === 'nets' && family.profiles.includes('competition'));
  const reads = new Set(nets.flatMap((net) => (net.kind === 'nets' ? [net.settings.competition.feature] : [])));
  const classes = 24;
  let columns = nets.length * classes;
  for (const family of families) {
    if (family.kind === 'ingest') columns += family.settings?.competition?.columns?.length ?? Number.NaN;
    if (family.kind === 'neighbours') {
      columns += family.settings.competition.nets.length * family.settings.competition.ks.length * classes;
    }
    // Eight of hashes; other features that take part have no columns.
    if (family.kind === 'features' && family.rowsAlone?.includes('competition') === true) {
      expect(reads).toContain(family.name);
      columns += 8;
    }
  }
  expect(columns).toBe(931);
});
