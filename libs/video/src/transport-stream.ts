import type { ReadAt } from './exif.ts';

/** With which each packet of a transport stream begins. */
export const sync = 0x47;
const packetBytes = 188;

/** Bytes from one packet to the next of an MPEG transport stream, and where in them the packet begins. */
type Packets = { readonly every: number; readonly start: number };

/** How a transport stream's packets lie; null where this is none. On cards of camcorders a time stands before each. */
export function packetsOfStream(bytes: Buffer): Packets | null {
  for (const start of [0, 4]) {
    const every = packetBytes + start;
    if ([0, 1, 2].every((n) => bytes[start + n * every] === sync)) return { every, start };
  }
  return null;
}

/**
 * Whether a transport stream ends where a packet does: it has no table, and a copy that broke off shows in its last packet
 * alone. Null where this is none. What follows and begins like no packet is what a recorder has filled up.
 */
export async function transportStreamEnds(read: ReadAt, size: number): Promise<boolean | null> {
  const packets = packetsOfStream(await read(0, 3 * (packetBytes + 4)));
  if (packets === null) return null;
  const rest = size % packets.every;
  return rest === 0 || (rest > packets.start && (await read(size - rest + packets.start, 1))[0] !== sync);
}
