import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import type { ReviewProject } from '@primatrix/gateway';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { binBlanks, listBlanks } from './blank-clips.ts';

const now = new Date('2024-06-01T00:00:00Z');

interface TestClip {
  readonly path: string;
  readonly top?: number;
  readonly moment?: number;
  readonly confidence?: number;
}

/** Of a project what lists and moves blanks: predicted blank with 99 %, in January, unless said otherwise. */
function projectOf(clips: Readonly<Record<string, TestClip>>): {
  readonly project: ReviewProject;
  readonly moved: unknown[];
} {
  const moved: unknown[] = [];
  const rows = Object.entries(clips).map(([filename, clip]) => ({
    ...{ id: filename, filename, site: 's', review: null, top: 0, confidence: 0.99, state: 'predicted' },
    ...{ statedTime: '2024-01-01T00:00:00', zone: null, moment: Date.UTC(2024, 0, 1) },
    ...clip,
  }));
  const project = {
    table: { classes: ['blank', 'hog'], rows: () => rows },
    now: () => now,
    inTurn: (work: () => Promise<unknown>) => work(),
    changes: { moveFiles: (moves: unknown[]) => Promise.resolve(moved.push(...moves)) },
  };
  return { project: project as unknown as ReviewProject, moved };
}

it('lists old blanks alone, and moves only those that are listed still, in the watched folder', async () => {
  await using folder = await temporaryFolder();
  await mkdir(folder.join('nas/site'), { recursive: true });
  await mkdir(folder.join('elsewhere'));
  const at = (name: string) => folder.join(name);
  for (const name of [
    'nas/site/a.mp4',
    'nas/site/b.mp4',
    'nas/hog.mp4',
    'nas/new.mp4',
    'nas/unsure.mp4',
    'elsewhere/x.mp4',
  ]) {
    await writeFile(at(name), name);
  }
  await symlink(at('elsewhere/x.mp4'), at('nas/link.mp4'));
  const { project, moved } = projectOf({
    a: { path: at('nas/site/a.mp4') },
    b: { path: at('nas/site/b.mp4') },
    hog: { path: at('nas/hog.mp4'), top: 1 },
    new: { path: at('nas/new.mp4'), moment: Date.UTC(2024, 4, 31) },
    unsure: { path: at('nas/unsure.mp4'), confidence: 0.9 },
    link: { path: at('nas/link.mp4') },
    outside: { path: at('elsewhere/x.mp4') },
  });
  const places = { days: 90, exports: at('out') };
  expect(await listBlanks(project, [at('nas')], places)).toBe(3);
  const list = await readFile(at('out/blanks.csv'), 'utf8');
  expect(
    list
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]),
  ).toEqual(['a', 'b', 'link', '']);
  // Somebody wants to keep one, and writes another into the list.
  await writeFile(at('out/blanks.csv'), `${list.replace(/^b,.*\n/m, '')}outside,,,,,\nhog,,,,,\n`);
  const { moved: count, left } = await binBlanks(project, [at('nas')], places);
  expect(count).toBe(1);
  expect(moved).toMatchObject([{ id: 'a', filename: 'a', moved: at('nas/primatrix-bin/site/a.mp4') }]);
  expect(left).toEqual([
    'link: lies in none of the watched folders',
    'outside: lies in none of the watched folders',
    'hog: not blank, not old enough, or not in the project',
  ]);
  expect(await readFile(at('nas/primatrix-bin/site/a.mp4'), 'utf8')).toBe('nas/site/a.mp4');
  expect((await readdir(at('nas/site'))).sort()).toEqual(['b.mp4']);
  expect(await readdir(at('elsewhere'))).toEqual(['x.mp4']);
});
