import type { ReadAt } from './exif.ts';

type Chunk = { readonly id: string; readonly size: number; readonly start: number; readonly listType: string };

const hasIndexFlag = 0x10;
const largestHeader = 1 << 20;
const largestIndex = 64 << 20;
const indexEntryBytes = 16;
const longestTime = 64;

/** What an AVI file says of itself. */
type AviPromise = {
  readonly complete: boolean;
  readonly frames?: ReadonlyMap<number, number>;
  /**
   * Pictures that the header states by stream number, empty ones included: no stream has more. Absent where the recorder
   * may have been switched off before it knew.
   */
  readonly framesAtMost?: ReadonlyMap<number, number>;
  /** The chunk IDIT, in whichever of its spellings; ffprobe tells one of them only. */
  readonly recordedAt?: string;
};

/**
 * Counts the chunks with a picture that an AVI file promises, by stream number, tells whether the file is whole, and
 * when it was recorded. ffmpeg's own frame count is no use here: it counts the empty chunks too, by which cameras say
 * "as before" when they drop a frame.
 */
export async function aviPromise(read: ReadAt, size: number): Promise<AviPromise> {
  let recordedAt: string | undefined;
  const counts = await countChunks(read, size, (time) => (recordedAt ??= time));
  return {
    ...counts,
    ...(recordedAt === undefined ? {} : { recordedAt }),
  };
}

async function countChunks(
  read: ReadAt,
  size: number,
  onTime: (time: string) => void,
): Promise<Omit<AviPromise, 'recordedAt'>> {
  let stated = new Map<number, number>();
  let announcesIndex = false;
  let openDml = false;
  let whole = true;
  let broken = false;
  let goesOn = false;
  for (let riff = 0; riff + 12 <= size;) {
    const top = await chunkAt(read, riff);
    if (top.id !== 'RIFF' || (top.listType !== 'AVI ' && top.listType !== 'AVIX')) break;
    // The old index covers the first RIFF list only, and large files go on with others.
    const next = riff + 8 + top.size + (top.size & 1);
    const last = top.size === 0 || (await chunkAt(read, next)).id !== 'RIFF';
    goesOn ||= !last;
    for (let at = riff + 12; at + 8 <= size;) {
      const chunk = await chunkAt(read, at);
      if (chunk.id === 'RIFF') break;
      const end = chunk.start + chunk.size + (chunk.size & 1);
      if (chunk.listType === 'hdrl') {
        const header = await read(chunk.start, Math.min(chunk.size, largestHeader));
        const { time, ...told } = readHeader(header);
        ({ stated, announcesIndex, openDml } = told);
        if (time !== undefined) onTime(time);
      } else if (chunk.id === 'IDIT') {
        onTime((await read(chunk.start, Math.min(chunk.size, longestTime))).toString('latin1'));
      } else if (chunk.id === 'idx1' && last && !goesOn && end <= size + 1) {
        const frames = countIndex(await read(chunk.start, Math.min(chunk.size, largestIndex)));
        return { complete: true, frames, framesAtMost: stated };
      }
      if (end > size + 1) whole = false;
      if (!/^[\w ]{4}$/.test(chunk.id)) {
        broken = true;
        break;
      }
      at = end;
    }
    // A recorder that was switched off leaves the size at zero.
    if (top.size === 0) break;
    riff = next;
    if (riff > size + 1) whole = false;
  }
  // Large files spread their index over the pictures: packets are counted instead, all must be there.
  if (whole && (openDml || goesOn || !announcesIndex)) return { complete: true };
  if (stated.size === 0) return { complete: false };
  return { complete: false, frames: stated, ...(broken ? { framesAtMost: stated } : {}) };
}

async function chunkAt(read: ReadAt, at: number): Promise<Chunk> {
  const head = await read(at, 12);
  const id = head.toString('latin1', 0, 4);
  const size = head.length >= 8 ? head.readUInt32LE(4) : 0;
  const isList = id === 'LIST' || id === 'RIFF';
  return { id, size, start: at + 8, listType: isList ? head.toString('latin1', 8, 12) : '' };
}

// hdrl: 'hdrl', avih chunk, then a strl list for each stream, with OpenDML an odml list at the end.
function readHeader(header: Buffer): {
  stated: Map<number, number>;
  announcesIndex: boolean;
  openDml: boolean;
  time: string | undefined;
} {
  const stated = new Map<number, number>();
  let announcesIndex = false;
  let openDml = false;
  let time: string | undefined;
  let stream = 0;
  const walk = (from: number, to: number): void => {
    for (let at = from; at + 12 <= to;) {
      const id = header.toString('latin1', at, at + 4);
      const size = header.readUInt32LE(at + 4);
      const end = Math.min(to, at + 8 + size);
      if (id === 'LIST') walk(at + 12, end);
      else if (id === 'avih' && at + 24 <= to) announcesIndex = (header.readUInt32LE(at + 20) & hasIndexFlag) !== 0;
      else if (id === 'indx') openDml = true;
      else if (id === 'IDIT') time ??= header.toString('latin1', at + 8, Math.min(end, at + 8 + longestTime));
      else if (id === 'strh') {
        if (header.toString('latin1', at + 8, at + 12) === 'vids' && at + 44 <= to) {
          stated.set(stream, header.readUInt32LE(at + 40));
        }
        stream++;
      }
      at += 8 + size + (size & 1);
    }
  };
  walk(4, header.length);
  return { stated, announcesIndex, openDml, time };
}

function countIndex(index: Buffer): Map<number, number> {
  const frames = new Map<number, number>();
  for (let at = 0; at + indexEntryBytes <= index.length; at += indexEntryBytes) {
    const kind = index.toString('latin1', at + 2, at + 4);
    const stream = Number.parseInt(index.toString('latin1', at, at + 2), 16);
    if ((kind === 'dc' || kind === 'db') && index.readUInt32LE(at + 12) > 0) {
      frames.set(stream, (frames.get(stream) ?? 0) + 1);
    }
  }
  return frames;
}
