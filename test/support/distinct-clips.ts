import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Fills a folder with so many clips that differ as files and not as pictures: copies of the MP4 clips of another
 * folder, each with a `free` box of its own at the end, which decoders pass over.
 */
export async function writeDistinctClips(from: string, to: string, count: number): Promise<string[]> {
  const names = (await readdir(from)).filter((name) => name.endsWith('.mp4')).sort();
  await mkdir(to, { recursive: true });
  const written: string[] = [];
  for (let i = 0; i < count; i++) {
    const box = Buffer.alloc(16);
    box.writeUInt32BE(16, 0);
    box.write('free', 4, 'latin1');
    box.writeUInt32BE(i, 12);
    const name = `${String(i).padStart(6, '0')}.mp4`;
    await writeFile(join(to, name), Buffer.concat([await readFile(join(from, names[i % names.length] ?? '')), box]));
    written.push(name);
  }
  return written;
}
