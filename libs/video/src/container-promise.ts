import { open, type FileHandle } from 'node:fs/promises';
import { avchdTime } from './avchd-time.ts';
import { aviPromise } from './avi-promise.ts';
import { hasGifEnd } from './gif-end.ts';
import type { Orientation, ReadAt } from './exif.ts';
import { matroskaEnds } from './matroska-end.ts';
import { hasBmpEnd, jpegFacts, pngFacts, tiffFacts, webpFacts, type StillFacts } from './still-facts.ts';
import { transportStreamEnds } from './transport-stream.ts';

/** The families of files that are told apart by their first bytes. Stills are named by ffmpeg's demuxer. */
export type FileKind =
  | 'avi'
  | 'asf'
  | 'mp4'
  | 'matroska'
  | 'mpegts'
  | 'png_pipe'
  | 'jpeg_pipe'
  | 'bmp_pipe'
  | 'webp_pipe'
  | 'tiff_pipe'
  | 'gif'
  | 'other';

/** What a container says of itself, read without ffmpeg. */
export type ContainerPromise = {
  readonly kind: FileKind;
  /** The first 16 bytes in hexadecimal. */
  readonly head: string;
  /** False where the file ends before the container does, or lacks an index that it announces. */
  readonly complete: boolean;
  /**
   * AVI: chunks with a picture by stream number, as its index lists them (empty chunks repeat a picture and do not
   * count); where the index is cut off, as the header states them. Absent for files without a table of their own.
   */
  readonly frames?: ReadonlyMap<number, number>;
  /** AVI: pictures that the header states by stream number, empty ones included; absent or 0 where it may not know. */
  readonly framesAtMost?: ReadonlyMap<number, number>;
  /** Times and the like that ffprobe does not tell, by the tag that they stand for. */
  readonly tags?: ReadonlyMap<string, string>;
  /** What it is, where not every ffmpeg reads such files: an animated WebP, a HEIF picture. */
  readonly foreign?: string;
  /** JPEG: how the picture is to be turned. */
  readonly orientation?: Orientation;
};

const sniffedBytes = 16;
const startsOfFiles: readonly (readonly [FileKind, string])[] = [
  ['png_pipe', '89504e470d0a1a0a'],
  ['jpeg_pipe', 'ffd8ff'],
  ['tiff_pipe', '49492a00'],
  ['tiff_pipe', '4d4d002a'],
  ['gif', '474946383761'],
  ['gif', '474946383961'],
  ['matroska', '1a45dfa3'],
];
const mp4Boxes = new Set('ftyp moov mdat free skip wide pnot moof styp uuid pdin sidx meta udta emsg'.split(' '));
const mp4Indexes = ['moov', 'moof'];
// What phones write instead of JPEG (HEIC, AVIF).
const heifBrands = /^ftyp(hei[cxms]|hev[cx]|mif1|msf1|avi[fs])/;
const asfHeaderObject = '3026b2758e66cf11a6d900aa0062ce6c';
const asfFileProperties = 'a1dcab8c47a9cf118ee400c00c205365';
const mostAsfObjects = 1000;

/** Reads what the container promises. Never throws on damaged content; does throw where the file cannot be read. */
export async function readContainerPromise(path: string): Promise<ContainerPromise> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const read: ReadAt = (at, bytes) => readAt(file, at, bytes);
    const head = await read(0, sniffedBytes);
    return { head: head.toString('hex'), ...(await promiseOf(sniff(head), read, size)) };
  } finally {
    await file.close();
  }
}

async function promiseOf(kind: FileKind, read: ReadAt, size: number): Promise<Omit<ContainerPromise, 'head'>> {
  switch (kind) {
    case 'avi': {
      const { recordedAt, ...promise } = await aviPromise(read, size);
      return { kind, ...promise, ...tagsOf('idit', recordedAt) };
    }
    case 'mp4':
      return { kind, ...(await mp4Promise(read, size)) };
    case 'asf': {
      const { createdAt, complete } = await asfPromise(read, size);
      return { kind, complete, ...tagsOf('creation_time', createdAt) };
    }
    case 'jpeg_pipe': {
      const { complete, orientation, takenAt } = await jpegFacts(read, size);
      return { kind, complete, orientation, ...tagsOf('datetimeoriginal', takenAt) };
    }
    case 'png_pipe':
      return stillPromise(kind, await pngFacts(read, size));
    case 'webp_pipe': {
      const facts = await webpFacts(read, size);
      return { ...stillPromise(kind, facts), ...(facts.animated ? { foreign: 'an animated WebP' } : {}) };
    }
    case 'tiff_pipe':
      return stillPromise(kind, await tiffFacts(read));
    case 'bmp_pipe':
      return { kind, complete: await hasBmpEnd(read, size) };
    case 'matroska':
      return { kind, complete: await matroskaEnds(read, size) };
    case 'gif':
      return { kind, complete: await hasGifEnd(read, size) };
    default: {
      const complete = await transportStreamEnds(read, size);
      if (complete === null) return { kind, complete: true };
      return { kind: 'mpegts', complete, ...tagsOf('datetimeoriginal', await avchdTime(read)) };
    }
  }
}

function stillPromise(kind: FileKind, { complete, takenAt }: StillFacts): Omit<ContainerPromise, 'head'> {
  return { kind, complete, ...tagsOf('datetimeoriginal', takenAt) };
}

function tagsOf(name: string, value: string | null | undefined): { tags?: ReadonlyMap<string, string> } {
  return value == null ? {} : { tags: new Map([[name, value]]) };
}

function sniff(head: Buffer): FileKind {
  const hex = head.toString('hex');
  const text = head.toString('latin1');
  if (text.startsWith('RIFF')) {
    const form = text.slice(8, 12);
    return form === 'AVI ' ? 'avi' : form === 'WEBP' ? 'webp_pipe' : 'other';
  }
  if (hex === asfHeaderObject) return 'asf';
  if (mp4Boxes.has(text.slice(4, 8))) return 'mp4';
  if (text.startsWith('BM') && head.length >= 10 && head.readUInt16LE(6) === 0) return 'bmp_pipe';
  return startsOfFiles.find(([, start]) => hex.startsWith(start))?.[0] ?? 'other';
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, bytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
  return buffer.subarray(0, bytesRead);
}

// Complete: the index (moov, or a picture's meta) is there, and no top-level box reaches over the end of the file.
async function mp4Promise(read: ReadAt, size: number): Promise<{ complete: boolean; foreign?: string }> {
  const isPicture = heifBrands.test((await read(4, 8)).toString('latin1'));
  const complete = await boxesEnd(read, size, isPicture ? [...mp4Indexes, 'meta'] : mp4Indexes);
  return { complete, ...(isPicture ? { foreign: 'a HEIF picture' } : {}) };
}

async function boxesEnd(read: ReadAt, size: number, indexes: readonly string[]): Promise<boolean> {
  let indexed = false;
  for (let at = 0; at + 8 <= size;) {
    const head = await read(at, 16);
    const type = head.toString('latin1', 4, 8);
    if (!/^[\w \xa9-]{4}$/.test(type)) return indexed; // padding after the last box
    if (indexes.includes(type)) indexed = true;
    const stated = head.readUInt32BE(0);
    if (stated === 0) return indexed; // reaches to the end by definition
    const length = stated === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : stated;
    if (length < 8 || at + length > size) return false;
    at += length;
  }
  return indexed;
}

// The header is an object of objects, and the one that counts may stand behind others of any size.
async function asfPromise(read: ReadAt, size: number): Promise<{ complete: boolean; createdAt?: string }> {
  const header = await read(0, 30);
  if (header.length < 30) return { complete: false };
  const end = Math.min(size, Number(header.readBigUInt64LE(16)));
  for (let at = 30, objects = 0; objects < mostAsfObjects && at + 24 <= end; objects++) {
    const object = await read(at, 104);
    const length = Number(object.readBigUInt64LE(16));
    if (object.toString('hex', 0, 16) === asfFileProperties && object.length >= 96) {
      const stated = Number(object.readBigUInt64LE(40));
      const broadcast = (object.readUInt32LE(88) & 1) === 1;
      // Windows counts units of 100 ns from the year 1601.
      const created = Number(object.readBigUInt64LE(48) / 10_000n) - 11_644_473_600_000;
      const plausible = created > Date.UTC(1990, 0, 1) && created < Date.UTC(2200, 0, 1);
      return {
        complete: broadcast || size >= stated,
        ...(plausible ? { createdAt: new Date(created).toISOString() } : {}),
      };
    }
    if (length < 24) break;
    at += length;
  }
  return { complete: false };
}
