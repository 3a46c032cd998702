import type { ReadAt } from './exif.ts';
import { packetsOfStream, sync } from './transport-stream.ts';

/** The message lies in the first picture, within some kilobytes of the start. */
const searchedBytes = 256 << 10;
// ISO 14496-10, D.2.6: user data that no standard registers, by the number that AVCHD's camcorders chose.
const marker = Buffer.from('17ee8c60f84d11d98cd60800200c9a664d44504d', 'hex'); // … MDPM
const longestMessage = 1 + 255 * 5;
const tagOfDate = 0x18;
const tagOfTime = 0x19;

/**
 * When an AVCHD clip (.MTS) was recorded, by its camera's clock: `2021:06:05 04:03:02`; null where it does not say. Its
 * container has no place for that: it stands in the stream of H.264 pictures. A zone stands beside it, which most cameras
 * leave at what it was in the factory: it is not read.
 */
export async function avchdTime(read: ReadAt): Promise<string | null> {
  const bytes = await read(0, searchedBytes);
  for (const stream of streamsOf(bytes)) {
    const at = stream.indexOf(marker);
    if (at < 0) continue;
    const message = unescaped(stream.subarray(at + marker.length, at + marker.length + 2 * longestMessage));
    const entries = new Map<number, Buffer>();
    for (let i = 0, from = 1; i < (message[0] ?? 0) && from + 5 <= message.length; i++, from += 5) {
      entries.set(message[from] as number, message.subarray(from + 1, from + 5));
    }
    const [date, time] = [entries.get(tagOfDate), entries.get(tagOfTime)];
    if (date === undefined || time === undefined) continue;
    // Digits in halves of bytes; the first of the date is the zone's.
    const digits = Buffer.concat([date.subarray(1), time]).toString('hex');
    const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
    if (year !== undefined) return `${year}:${month}:${day} ${hour}:${minute}:${second}`;
  }
  return null;
}

/** What a transport stream's packets carry, a stream each; none where this is no transport stream. */
function streamsOf(bytes: Buffer): Buffer[] {
  const packets = packetsOfStream(bytes);
  if (packets === null) return [];
  const parts = new Map<number, Buffer[]>();
  for (let at = 0; at + packets.every <= bytes.length; at += packets.every) {
    const packet = bytes.subarray(at + packets.start, at + packets.every);
    if (packet[0] !== sync) break;
    const second = packet[1] as number;
    const flags = packet[3] as number;
    if ((flags & 0x10) === 0) continue;
    let from = 4 + ((flags & 0x20) === 0 ? 0 : 1 + (packet[4] as number));
    // The header of a PES packet is not the stream's.
    if ((second & 0x40) !== 0) from += 9 + (packet[from + 8] ?? 0);
    const stream = ((second & 0x1f) << 8) | (packet[2] as number);
    const list = parts.get(stream) ?? [];
    list.push(packet.subarray(from));
    parts.set(stream, list);
  }
  return [...parts.values()].map((list) => Buffer.concat(list));
}

/** Without the bytes that keep two zeros from looking like the start of something (ISO 14496-10, 7.4.1). */
function unescaped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.filter((byte, i) => !(byte === 3 && bytes[i - 1] === 0 && bytes[i - 2] === 0)));
}
