import { open, type FileHandle } from 'node:fs/promises';
import { aviPromise } from './avi-promise.ts';
import { jpegOrientation, type Orientation } from './jpeg-orientation.ts';

/** The families of files that are told apart by their first bytes. Stills are named by ffmpeg's demuxer. */
type FileKind = 'avi' | 'asf' | 'mp4' | 'png_pipe' | 'jpeg_pipe' | 'bmp_pipe' | 'webp_pipe' | 'tiff_pipe' | 'other';

/** What a container says of itself, read without ffmpeg. */
export type ContainerPromise = {
  readonly kind: FileKind;
  /** False where the file ends before the container does, or lacks an index that it announces. */
  readonly complete: boolean;
  /**
   * AVI: coded pictures by stream number, as its index lists them (empty chunks repeat a picture and do not count);
   * where the index is cut off, as the header states them. Absent for files without a table of their own.
   */
  readonly frames?: ReadonlyMap<number, number>;
  /** ASF: creation time of the header, ISO 8601. */
  readonly createdAt?: string;
  /** JPEG: how the picture is to be turned. */
  readonly orientation?: Orientation;
};

const sniffedBytes = 16;
// A segment holds 64 KiB at most, and EXIF's comes first or second.
const jpegHeadBytes = 128 * 1024;
const stillMagic: readonly (readonly [FileKind, string])[] = [
  ['png_pipe', '89504e470d0a1a0a'],
  ['jpeg_pipe', 'ffd8ff'],
  ['tiff_pipe', '49492a00'],
  ['tiff_pipe', '4d4d002a'],
];
const mp4Boxes = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'moof', 'styp']);
const asfHeaderObject = '3026b2758e66cf11a6d900aa0062ce6c';
const asfFileProperties = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex');

/** Reads what the container promises. Never throws on damaged content; does throw where the file cannot be read. */
export async function readContainerPromise(path: string): Promise<ContainerPromise> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0, sniffedBytes);
    const kind = sniff(head);
    if (kind === 'avi') return { kind, ...(await aviPromise((at, bytes) => readAt(file, at, bytes), size)) };
    if (kind === 'mp4') return { kind, complete: await mp4Complete(file, size) };
    if (kind === 'asf') return { kind, ...(await asfPromise(file, size)) };
    if (kind === 'jpeg_pipe') {
      return {
        kind,
        complete: await hasJpegEnd(file, size),
        orientation: jpegOrientation(await readAt(file, 0, jpegHeadBytes)),
      };
    }
    return { kind, complete: true };
  } finally {
    await file.close();
  }
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
  if (text.startsWith('BM') && head.readUInt16LE(6) === 0) return 'bmp_pipe';
  return stillMagic.find(([, magic]) => hex.startsWith(magic))?.[0] ?? 'other';
}

async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, at);
  return buffer.subarray(0, bytesRead);
}

// Complete: the index (moov) is there, and no top-level box reaches over the end of the file.
async function mp4Complete(file: FileHandle, size: number): Promise<boolean> {
  let indexed = false;
  for (let at = 0; at + 8 <= size;) {
    const head = await readAt(file, at, 16);
    const type = head.toString('latin1', 4, 8);
    if (!/^[\w \xa9-]{4}$/.test(type)) return indexed; // padding after the last box
    if (type === 'moov' || type === 'moof') indexed = true;
    const stated = head.readUInt32BE(0);
    if (stated === 0) return indexed; // reaches to the end by definition
    const length = stated === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : stated;
    if (length < 8 || at + length > size) return false;
    at += length;
  }
  return indexed;
}

async function asfPromise(file: FileHandle, size: number): Promise<{ complete: boolean; createdAt?: string }> {
  const header = await readAt(file, 0, 64 * 1024);
  const at = header.indexOf(asfFileProperties);
  if (at < 0 || at + 96 > header.length) return { complete: false };
  const stated = Number(header.readBigUInt64LE(at + 40));
  const broadcast = (header.readUInt32LE(at + 88) & 1) === 1;
  // Windows counts units of 100 ns from the year 1601.
  const created = Number(header.readBigUInt64LE(at + 48) / 10_000n) - 11_644_473_600_000;
  const plausible = created > Date.UTC(1990, 0, 1) && created < Date.UTC(2200, 0, 1);
  return {
    complete: broadcast || size >= stated,
    ...(plausible ? { createdAt: new Date(created).toISOString() } : {}),
  };
}

// Cameras may pad a JPEG, so that its end marker need not be last.
async function hasJpegEnd(file: FileHandle, size: number): Promise<boolean> {
  const tailBytes = 64 * 1024;
  const tail = await readAt(file, Math.max(0, size - tailBytes), Math.min(size, tailBytes));
  return tail.includes(Buffer.from([0xff, 0xd9]));
}
