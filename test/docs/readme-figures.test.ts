import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';

const textOf = (path: string) => readFileSync(join(workspaceRoot(), path), 'utf8');
const readme = textOf('README.md');

/** Rows of the table under "what to expect": what, figure, path of the source. */
const rows = [...readme.matchAll(/^\| ([^|]+) \| ([^|]+) \| \[[^\]]+\]\(([^)#]+)[^)]*\) \|$/gm)].map(
  ([, what = '', figure = '', source = '']) => ({ what, figure, source }),
);

const { groups } = JSON.parse(textOf('tools/evaluations/benchmarks.json')) as {
  groups: { rows: { score: string; standardError: string; published: string }[] }[];
};
const scores = groups.flatMap((group) => group.rows);

describe('figures of the README', () => {
  it('are there', () => expect(rows.length).toBeGreaterThanOrEqual(6));

  it.each(rows.filter(({ source }) => source === 'docs/benchmarks.md'))('$what: $figure', ({ figure }) => {
    const score = scores.find(({ score: text }) => figure.startsWith(text));
    expect(score).toBeDefined();
    if (/^[\d.]+$/.test(score?.standardError ?? '')) expect(figure).toContain(`${score?.standardError})`);
    const published = /published (.*)$/.exec(figure)?.[1];
    if (published !== undefined) expect(score?.published).toBe(published);
  });

  it('what is installed is what was measured', () => {
    const [megabytes, packages] = /(\d+) MB and (\d+) packages/.exec(textOf('docs/install.md'))?.slice(1) ?? [];
    expect(rows.map(({ figure }) => figure)).toContain(`${megabytes} MB, ${packages} packages`);
  });

  it('clips an hour follow from the processor time of a clip', () => {
    const seconds = /\*\*together\*\* \| {2}\| \*\*([\d.]+)\*\*/.exec(textOf('docs/scaling.md'))?.[1] ?? '';
    const speed = rows.find(({ source }) => source === 'docs/scaling.md');
    expect(speed?.figure).toContain(`${seconds} s of processor time`);
    const hourly = Math.floor(3600 / Number(seconds)).toLocaleString('en');
    expect(speed?.figure).toContain(hourly);
    expect(textOf('docs/faq.md')).toContain(`${seconds} s of processor time`);
  });
});

it('questions cite the benchmarks', () => {
  const shares = textOf('docs/faq.md').match(/\d+\.\d %/g) ?? [];
  expect(shares.length).toBeGreaterThan(0);
  const benchmarks = textOf('docs/benchmarks.md');
  for (const share of shares) expect(benchmarks).toContain(share.replace(' %', ''));
});

it('pictures are there, and small', () => {
  const pages = ['README.md', 'docs/pages.md'];
  const pictures = pages.flatMap((page) =>
    [...textOf(page).matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = '']) =>
      page === 'README.md' ? path : `docs/${path}`,
    ),
  );
  expect(new Set(pictures).size).toBe(3);
  for (const picture of pictures) expect(statSync(join(workspaceRoot(), picture)).size).toBeLessThan(300_000);
});

it('the version to cite is the one that is here', () => {
  const { version } = JSON.parse(textOf('apps/primatrix/package.json')) as { version: string };
  expect(textOf('CITATION.cff')).toContain(`version: ${version}\n`);
  expect(textOf('docs/citation.md')).toContain(`version = {${version}}`);
});
