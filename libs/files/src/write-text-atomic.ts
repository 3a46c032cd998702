import { open } from 'node:fs/promises';
import { withAtomicFile } from './atomic.ts';

/** Characters that are collected before they are written. */
const pieceLength = 1 << 20;

/**
 * `writeFileAtomic` for text of any length, in parts of any length: no more than about a megabyte of it is in memory,
 * where one string could hold no more than half a gigabyte.
 */
export async function writeTextAtomic(path: string, parts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await withAtomicFile(path, async (temporary) => {
    const handle = await open(temporary, 'w');
    try {
      let waiting: string[] = [];
      let length = 0;
      for await (const part of parts) {
        waiting.push(part);
        length += part.length;
        if (length < pieceLength) continue;
        await handle.appendFile(waiting.join(''));
        waiting = [];
        length = 0;
      }
      await handle.appendFile(waiting.join(''));
    } finally {
      await handle.close();
    }
  });
}
