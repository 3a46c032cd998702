import type { LibraryContents } from './library-contents.ts';
import { textAt } from './text-at.ts';

const machines: Readonly<Record<number, LibraryContents['arch']>> = { 0x8664: 'x64', 0xaa64: 'arm64' };
const sectionBytes = 40;

/** PE of 64 bits: Windows. Functions that have only a number and no name are passed over. */
export function readPe(bytes: Buffer): LibraryContents | undefined {
  if (bytes.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const header = bytes.readUInt32LE(60);
  const arch = machines[bytes.readUInt16LE(header + 4)];
  const optional = header + 24;
  const of64Bits = 0x20b;
  if (bytes.readUInt32LE(header) !== 0x4550 || arch === undefined || bytes.readUInt16LE(optional) !== of64Bits) {
    return undefined;
  }
  const sections = optional + bytes.readUInt16LE(header + 20);
  const sectionsEnd = sections + bytes.readUInt16LE(header + 6) * sectionBytes;
  /** Where in the file lies what is at an address once it is loaded. */
  const placeOf = (address: number): number => {
    for (let section = sections; section < sectionsEnd; section += sectionBytes) {
      const [start, size, place] = [12, 16, 20].map((field) => bytes.readUInt32LE(section + field)) as [
        number,
        number,
        number,
      ];
      if (address >= start && address < start + size) return place + address - start;
    }
    throw new RangeError(`address ${address} is in no section`);
  };
  const table = bytes.readUInt32LE(optional + 112);
  if (table === 0) return { platform: 'win32', arch, functions: [] };
  const directory = placeOf(table);
  const count = bytes.readUInt32LE(directory + 24);
  const names = count === 0 ? 0 : placeOf(bytes.readUInt32LE(directory + 32));
  const functions: string[] = [];
  for (let i = 0; i < count; i++) functions.push(textAt(bytes, placeOf(bytes.readUInt32LE(names + 4 * i))));
  return { platform: 'win32', arch, functions };
}
