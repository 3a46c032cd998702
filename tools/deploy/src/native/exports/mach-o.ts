import type { LibraryContents } from './library-contents.ts';
import { textAt } from './text-at.ts';

const processors: Readonly<Record<number, LibraryContents['arch']>> = { 0x0100_0007: 'x64', 0x0100_000c: 'arm64' };
/** Load commands that say where the tree of exported names lies, and where in the command its offset and size stand. */
const treePlaces: Readonly<Record<number, number>> = { 0x22: 40, 0x8000_0022: 40, 0x8000_0033: 8 };
/** C names have an underscore before them there. */
const prefix = '_';

/** Mach-O of 64 bits for one processor: macOS. */
export function readMachO(bytes: Buffer): LibraryContents | undefined {
  if (bytes.readUInt32LE(0) !== 0xfeed_facf) return undefined;
  const arch = processors[bytes.readUInt32LE(4)];
  if (arch === undefined) return undefined;
  const functions: string[] = [];
  let command = 32;
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    const place = treePlaces[bytes.readUInt32LE(command)];
    if (place !== undefined) {
      const [start, size] = [bytes.readUInt32LE(command + place), bytes.readUInt32LE(command + place + 4)];
      if (size > 0) functions.push(...namesInTree(bytes.subarray(start, start + size)));
    }
    const commandBytes = bytes.readUInt32LE(command + 4);
    if (commandBytes === 0) throw new RangeError(`the load command at byte ${command} has no size`);
    command += commandBytes;
  }
  return { platform: 'darwin', arch, functions };
}

/** Names are the words along the branches to every node that says something: common beginnings stand there once. */
function namesInTree(tree: Buffer): string[] {
  const names: string[] = [];
  const open = [{ place: 0, name: '' }];
  // A damaged tree may lead back to where it came from.
  const seen = new Set<number>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node.place)) throw new RangeError(`the tree of names goes in a circle at byte ${node.place}`);
    seen.add(node.place);
    const said = numberAt(tree, node.place);
    if (said.value > 0) names.push(node.name.startsWith(prefix) ? node.name.slice(prefix.length) : node.name);
    let place = said.end + said.value;
    for (let branches = tree.readUInt8(place++); branches > 0; branches--) {
      const word = textAt(tree, place);
      const child = numberAt(tree, place + word.length + 1);
      open.push({ place: child.value, name: node.name + word });
      place = child.end;
    }
  }
  return names;
}

/** A number in seven bits a byte, the lowest first. */
function numberAt(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let place = start, factor = 1; ; place++, factor *= 128) {
    const byte = bytes.readUInt8(place);
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end: place + 1 };
  }
}
