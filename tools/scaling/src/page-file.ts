import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { profiles } from '@primatrix/contracts';
import { writeFileAtomic } from '@primatrix/files';
import { workspaceRoot } from '@primatrix/testkit';
import { measurementsOf } from './measurements.ts';
import { pageTables } from './page-tables.ts';

const [begin, end] = ['<!-- tables: nx run scaling:page -->', '<!-- end of tables -->'];

/** The page and what it would be with tables made from the committed measurements. */
export async function readPage(): Promise<{ readonly path: string; readonly text: string; readonly fresh: string }> {
  const path = join(workspaceRoot(), 'docs/scaling.md');
  const text = await readFile(path, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`scaling: ${path} must have a line '${begin}', and after it '${end}'`);
  const tables = pageTables(await Promise.all(profiles.map(measurementsOf)));
  return { path, text, fresh: `${text.slice(0, from)}${begin}\n\n${tables}\n\n${text.slice(to)}` };
}

/** Puts fresh tables into docs/scaling.md. */
export async function writePage(): Promise<void> {
  const { path, fresh } = await readPage();
  await writeFileAtomic(path, fresh);
}
