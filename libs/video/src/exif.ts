/** How a picture is to be turned to stand upright: EXIF's orientation, 1 (as it is) to 8. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What EXIF says of a picture, as far as it matters here. */
export type ExifFacts = {
  readonly orientation: Orientation;
  /**
   * When it was taken, as `2021:06:05 04:03:02.25+02:00`; parts of seconds and zone where they are stated; null where
   * none.
   */
  readonly takenAt: string | null;
};

/** Reads `bytes` bytes at `at`; fewer at the end of the file. */
export type ReadAt = (at: number, bytes: number) => Promise<Buffer>;

/** What is known of a picture without EXIF. */
export const noExif: ExifFacts = { orientation: 1, takenAt: null };

const tags = {
  orientation: 0x0112,
  modified: 0x0132,
  exifDirectory: 0x8769,
  original: 0x9003,
  digitized: 0x9004,
  modifiedZone: 0x9010,
  originalZone: 0x9011,
  digitizedZone: 0x9012,
  originalFraction: 0x9291,
} as const;

const entryBytes = 12;
const mostEntries = 500;
const longestText = 64;
const asciiType = 2;

/** An entry's value where it fits its four bytes, and where its text lies where it does not. */
type Entry = { readonly type: number; readonly count: number; readonly field: Buffer };

/**
 * Reads orientation and time from a TIFF structure (EXIF 2.32, 4.6), as it lies in JPEG, PNG, WebP and TIFF files.
 * Nonsense counts as absent.
 * @param read reads from the structure's first byte on
 */
export async function exifFacts(read: ReadAt): Promise<ExifFacts> {
  const head = await read(0, 8);
  const order = head.toString('latin1', 0, 2);
  if (head.length < 8 || (order !== 'II' && order !== 'MM')) return noExif;
  const little = order === 'II';
  const u16 = (from: Buffer, at: number): number =>
    at + 2 > from.length ? 0 : little ? from.readUInt16LE(at) : from.readUInt16BE(at);
  const u32 = (from: Buffer, at: number): number =>
    at + 4 > from.length ? 0 : little ? from.readUInt32LE(at) : from.readUInt32BE(at);

  const directory = async (at: number): Promise<Map<number, Entry>> => {
    const entries = new Map<number, Entry>();
    if (at < 8) return entries;
    const count = Math.min(u16(await read(at, 2), 0), mostEntries);
    const table = await read(at + 2, count * entryBytes);
    for (let i = 0; i + entryBytes <= table.length; i += entryBytes) {
      entries.set(u16(table, i), {
        type: u16(table, i + 2),
        count: u32(table, i + 4),
        field: table.subarray(i + 8, i + 12),
      });
    }
    return entries;
  };
  const text = async (entry: Entry | undefined): Promise<string> => {
    if (entry === undefined || entry.type !== asciiType) return '';
    const length = Math.min(entry.count, longestText);
    const bytes = entry.count <= 4 ? entry.field.subarray(0, length) : await read(u32(entry.field, 0), length);
    return (bytes.toString('latin1').split('\0')[0] as string).trim();
  };

  const main = await directory(u32(head, 4));
  const link = main.get(tags.exifDirectory);
  const exif = link === undefined ? new Map<number, Entry>() : await directory(u32(link.field, 0));
  const turned = u16(main.get(tags.orientation)?.field ?? Buffer.alloc(2), 0);
  const [original, digitized, modified] = await Promise.all([
    text(exif.get(tags.original)),
    text(exif.get(tags.digitized)),
    text(main.get(tags.modified)),
  ]);
  // Blanks and a colon, as the standard says not known, and what is no offset leave the time without one.
  const zone = async (tag: number): Promise<string> =>
    /^(Z|[+-]\d{2}:?\d{2})$/i.exec(await text(exif.get(tag)))?.[0] ?? '';
  // A time of blanks or zeros is how a camera says that it does not know.
  const isStated = (time: string): boolean => /[1-9]/.test(time);
  let takenAt: string | null = null;
  if (isStated(original)) {
    const fraction = /^\d+$/.exec(await text(exif.get(tags.originalFraction)))?.[0];
    takenAt = `${original}${fraction === undefined ? '' : `.${fraction}`}${await zone(tags.originalZone)}`;
  } else if (isStated(digitized)) {
    takenAt = `${digitized}${await zone(tags.digitizedZone)}`;
  } else if (isStated(modified)) {
    takenAt = `${modified}${await zone(tags.modifiedZone)}`;
  }
  return { orientation: turned >= 1 && turned <= 8 ? (turned as Orientation) : 1, takenAt };
}
