import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks a second of /proc: 100 on every Linux that Node runs on. */
const ticks = 100;

/**
 * Seconds of processor time that a process, its children that have ended and its children that run have taken, in user and system mode.
 * @param except processes whose time, and whose children's, does not count
 */
export async function treeSeconds(pid: number, except: ReadonlySet<number> = new Set()): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // After the name, which may hold anything: user, system, and those of ended children are numbers 14 to 17.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  let seconds = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks;
  for (const thread of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const children = await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '');
    for (const child of children.trim().split(' ').filter(Boolean).map(Number)) {
      if (!except.has(child)) seconds += await treeSeconds(child, except);
    }
  }
  return seconds;
}
