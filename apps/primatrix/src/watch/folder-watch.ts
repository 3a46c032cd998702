import { basename, join, relative, sep } from 'node:path';
import { addFolder, nameOfFolder, type KeptExports, type ReviewProject } from '@primatrix/gateway';
import { filesBelow, type FoundFile } from '@primatrix/dataset';
import type { Settling } from './settling.ts';
import type { TakenFiles } from './taken-files.ts';

/** What a watch works with. */
export interface FolderWatchParts {
  /** Whole paths. */
  readonly folders: readonly string[];
  readonly project: ReviewProject;
  readonly settling: Settling;
  readonly taken: TakenFiles;
  readonly exports: KeptExports;
  /** Tells people, a line each. */
  readonly say: (line: string) => void;
}

/** Looks through folders, again and again, and has a project predict what is new and whole. */
export class FolderWatch {
  private readonly parts: FolderWatchParts;
  /** What was said last of each thing that is wrong: it is said once, and when it is over. */
  private readonly troubles = new Map<string, string>();

  constructor(parts: FolderWatchParts) {
    this.parts = parts;
  }

  /** Whether something is wrong that was not over at the last look. */
  get troubled(): boolean {
    return this.troubles.size > 0;
  }

  /**
   * Looks once: new clips that are whole are added, clips whose files were replaced are predicted again, and clips whose files have
   * another name keep what is known of them.
   * @param now milliseconds, by a clock that never goes back
   */
  async look(now: number): Promise<void> {
    const { folders, project, settling, taken } = this.parts;
    const listed: (FoundFile & { readonly folder: string })[] = [];
    for (const folder of folders) {
      const { files, unreadable } = await filesBelow(folder);
      const [first] = unreadable;
      this.tell(`folder ${folder}`, first === undefined ? null : `${first.path} cannot be read: ${first.reason}`);
      listed.push(...files.filter(({ isMedia }) => isMedia).map((file) => ({ ...file, folder })));
    }
    const fresh = listed.filter((file) => !taken.has(file));
    const whole = await settling.look(fresh, now);
    if (whole.length === 0) return;
    const byPath = new Map([...project.table.rows()].map((row) => [row.path, row]));
    const renamed = taken.renamed(whole, new Set(listed.map(({ path }) => path)));
    const moves = whole.flatMap(({ path, folder, name }) => {
      const row = byPath.get(renamed.get(path) ?? '');
      if (row === undefined || byPath.has(path)) return [];
      const filename = `${nameOfFolder(project, folder) ?? basename(folder)}/${name}`;
      return [{ id: row.id, moved: path, filename: project.nameIsFree(filename, path) ? filename : row.filename }];
    });
    const movedTo = new Set(moves.map(({ moved }) => moved));
    const inProject = (files: typeof whole) => files.flatMap(({ path }) => byPath.get(path)?.id ?? []);
    const changed = inProject(whole.filter((file) => taken.knows(file)));
    // They came by the page, or by a watch that was killed before it could note them: most are as they were looked at.
    const unnoted = inProject(whole.filter((file) => !taken.knows(file)));
    await this.attempt('project', async () => {
      if (moves.length > 0) await project.inTurn(() => project.changes.moveFiles(moves));
      if (changed.length > 0) await project.changes.again(changed);
      project.changes.lookWhereChanged(unnoted);
      let added = 0;
      for (const folder of folders) {
        const paths = new Set(whole.filter((file) => file.folder === folder).map(({ path }) => path));
        const fresher = [...paths].filter((path) => !movedTo.has(path) && !byPath.has(path));
        if (fresher.length === 0) continue;
        const wanted = new Set(fresher);
        added += (await addFolder(project, folder, (path) => wanted.has(path))).added;
      }
      // Last: who is killed before takes them again, which adds nothing twice, and decodes nothing twice.
      await taken.add(whole);
      const parts = [
        ...(added > 0 ? [`${added} new`] : []),
        ...(changed.length > 0 ? [`${changed.length} replaced`] : []),
        ...(moves.length > 0 ? [`${moves.length} renamed`] : []),
      ];
      if (parts.length > 0) this.parts.say(`clips    ${parts.join(', ')}`);
    });
  }

  /** Writes results and exports where clips have changed; where the disk is full they stay due. */
  async writeExports(): Promise<void> {
    const { exports, project } = this.parts;
    if (!exports.isDue(project)) return;
    await this.attempt('exports', async () => {
      await exports.write(project);
      const { total, failed } = project.progress();
      this.parts.say(
        `written  ${total} clips${failed > 0 ? `, ${failed} of them cannot be read` : ''}: ${exports.folder}`,
      );
    });
  }

  /** Says what is wrong with a thing, once; null: nothing. */
  tell(thing: string, trouble: string | null): void {
    const before = this.troubles.get(thing);
    if (trouble === null) {
      if (before !== undefined) this.parts.say(`well     ${thing}`);
      this.troubles.delete(thing);
    } else if (before !== trouble) {
      this.parts.say(`trouble  ${thing}: ${trouble}`);
      this.troubles.set(thing, trouble);
    }
  }

  private async attempt(thing: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.tell(thing, null);
    } catch (error) {
      this.tell(thing, (error as Error).message);
    }
  }
}

/** Path of a file below a folder, slashes forward; undefined where it does not lie there. */
export function pathBelow(folder: string, path: string): string | undefined {
  const below = relative(folder, path);
  return below === '' || below.startsWith('..') || join(folder, below) !== path
    ? undefined
    : below.split(sep).join('/');
}
