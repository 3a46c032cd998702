import { isLitter } from '@primatrix/review-api';

/** A file, and its path below what was dropped. */
export interface NamedFile {
  readonly name: string;
  readonly file: File;
}

/** All files that were dropped, those in folders too; hidden ones, litter and bins are left out. */
export async function droppedFiles({ items }: DataTransfer): Promise<NamedFile[]> {
  // Entries must be taken before anything is waited for: the list is emptied then.
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map((entry) => filesOf(entry))))
    .flat()
    .filter(({ name }) => !name.split('/').some(isLitter));
}

async function filesOf(entry: FileSystemEntry): Promise<NamedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ name: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: NamedFile[] = [];
  // A reader gives a hundred entries at a time, and then none.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesOf(one)));
  }
}
