import type { LibraryContents } from './library-contents.ts';
import { textAt } from './text-at.ts';

const machines: Readonly<Record<number, LibraryContents['arch']>> = { 62: 'x64', 183: 'arm64' };
const dynamicSymbols = 11;
const symbolBytes = 24;

/** ELF of 64 bits, little-endian: Linux. The symbol table that the loader reads; a stripped library has it, too. */
export function readElf(bytes: Buffer): LibraryContents | undefined {
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1) return undefined;
  const arch = machines[bytes.readUInt16LE(18)];
  if (arch === undefined) return undefined;
  const [sections, sectionBytes, count] = [offsetAt(bytes, 40), bytes.readUInt16LE(58), bytes.readUInt16LE(60)];
  const functions: string[] = [];
  for (let section = sections; section < sections + count * sectionBytes; section += sectionBytes) {
    if (bytes.readUInt32LE(section + 4) !== dynamicSymbols) continue;
    const names = offsetAt(bytes, sections + bytes.readUInt32LE(section + 40) * sectionBytes + 24);
    const [first, size] = [offsetAt(bytes, section + 24), offsetAt(bytes, section + 32)];
    for (let symbol = first; symbol < first + size; symbol += symbolBytes) {
      if (isOffered(bytes, symbol)) functions.push(textAt(bytes, names + bytes.readUInt32LE(symbol)));
    }
  }
  return { platform: 'linux', arch, functions };
}

/** A function that is defined here, not local, and not hidden. */
function isOffered(bytes: Buffer, symbol: number): boolean {
  const [info, other] = [bytes.readUInt8(symbol + 4), bytes.readUInt8(symbol + 5)];
  const [binding, type, visibility, section] = [info >> 4, info & 15, other & 3, bytes.readUInt16LE(symbol + 6)];
  const [local, ofFunction, internal, hidden] = [0, 2, 1, 2];
  return section !== 0 && binding !== local && type === ofFunction && visibility !== internal && visibility !== hidden;
}

function offsetAt(bytes: Buffer, place: number): number {
  return Number(bytes.readBigUInt64LE(place));
}
