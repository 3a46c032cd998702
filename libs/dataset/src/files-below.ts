import { realpath, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { hasMediaName, isLitter } from '@primatrix/contracts';

/** One file below a folder that was searched. */
export interface FoundFile {
  /** Path below the folder, slashes forward, otherwise as the file system spells it. */
  readonly name: string;
  readonly path: string;
  /** Null for a link that leads nowhere, and for a name that is not UTF-8 and cannot be opened by it. */
  readonly bytes: number | null;
  /** When it was changed last, milliseconds since 1970; null where {@link bytes} is. */
  readonly modifiedMs: number | null;
  /** The same for a file under another name, as far as the file system has it; null where {@link bytes} is. */
  readonly identity: string | null;
  /** Whether it looks like a clip by its name. */
  readonly isMedia: boolean;
}

/** What a search through a folder met. */
export interface FilesBelow {
  /** Sorted by name. */
  readonly files: readonly FoundFile[];
  /** Hidden files and folders, litter and bins (folders end in `/`), below the folder. */
  readonly passedOver: readonly string[];
  /** Folders that could not be read, each with why; an empty name is the folder itself. */
  readonly unreadable: readonly UnreadableFolder[];
}

/** A folder that could not be read. */
export interface UnreadableFolder {
  readonly name: string;
  readonly path: string;
  /** Of the operating system. */
  readonly reason: string;
}

/** File system calls under way at once. */
const width = 64;

/** A folder on the way; `raw` are the bytes by which the file system knows it. */
type Place = { readonly path: string; readonly raw: Buffer };
type Entry = { readonly name: string; readonly raw: Buffer; readonly isLink: boolean };

/**
 * Searches a folder: the one listing that everything goes by which takes folders of clips. Links are followed; a folder
 * that can be reached in several ways is searched once, by its own name rather than by a link's. What cannot be read is
 * told, and does not end the search.
 */
export async function filesBelow(folder: string): Promise<FilesBelow> {
  const found: FoundFile[] = [];
  const passedOver: string[] = [];
  const unreadable: UnreadableFolder[] = [];
  const visited = new Set<string>();
  // Linked folders come last: a link must not take a folder's clips away from its own name.
  const linked: Place[] = [];
  const nameOf = (path: string): string => relative(folder, path).split(sep).join('/');

  const walk = async (place: Place): Promise<void> => {
    let entries: Entry[];
    try {
      // A link back to a folder above must not be walked for ever.
      const real = (await realpath(place.raw, 'buffer')).toString('latin1');
      if (visited.has(real)) return;
      visited.add(real);
      entries = spelled(await readdir(place.raw, { encoding: 'buffer', withFileTypes: true }));
    } catch (error) {
      unreadable.push({ name: nameOf(place.path), path: place.path, reason: (error as Error).message });
      return;
    }
    for (let start = 0; start < entries.length; start += width) {
      const some = entries.slice(start, start + width).map((entry) => ({ ...entry, inside: inside(place, entry) }));
      const infos = await Promise.all(some.map((entry) => stat(entry.inside.raw).catch(() => null)));
      for (const [i, { name, isLink, inside: at }] of some.entries()) {
        const info = infos[i] ?? null;
        const isFolder = info?.isDirectory() === true;
        const below = nameOf(at.path);
        if (isLitter(name)) passedOver.push(isFolder ? `${below}/` : below);
        else if (isFolder && isLink) linked.push(at);
        else if (isFolder) await walk(at);
        else if (info === null || info.isFile()) {
          found.push({
            ...{ name: below, path: at.path, isMedia: hasMediaName(below), bytes: info?.size ?? null },
            modifiedMs: info?.mtimeMs ?? null,
            identity: info === null ? null : `${info.dev}:${info.ino}`,
          });
        }
      }
    }
  };
  await walk({ path: folder, raw: Buffer.from(folder) });
  for (let next = linked.shift(); next !== undefined; next = linked.shift()) await walk(next);
  found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { files: found, passedOver: passedOver.sort(), unreadable };
}

function inside(place: Place, { name, raw }: Entry): Place {
  return { path: join(place.path, name), raw: Buffer.concat([place.raw, Buffer.from(sep), raw]) };
}

/**
 * Names as text, sorted. A name that is not UTF-8 reads with U+FFFD for what cannot be read; where two then read the
 * same, the second gets a number, as neither can be opened by that name.
 */
function spelled(entries: readonly { readonly name: Buffer; isSymbolicLink(): boolean }[]): Entry[] {
  const taken = new Set<string>();
  return entries
    .map((entry) => ({ name: entry.name.toString('utf8'), raw: entry.name, isLink: entry.isSymbolicLink() }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : Buffer.compare(a.raw, b.raw)))
    .map((entry) => {
      let name = entry.name;
      for (let count = 2; taken.has(name); count++) name = entry.name.replace(/(\.[^.]*)?$/, ` (${count})$1`);
      taken.add(name);
      return { ...entry, name };
    });
}
