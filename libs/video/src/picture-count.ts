import { standardOutput, startTool, type ToolInput } from './ffmpeg-process.ts';
import type { ClipLimits } from './limits.ts';
import type { ListedPacket, ListedStream } from './packet-listing.ts';
import { readOutput } from './read-output.ts';

/** Codecs each of whose packets is a picture, as a rule: {@link packetsMayMislead} knows the exceptions. */
const onePictureAPacket = new RegExp(
  String.raw`^(h26[34]|hevc|h263p|mpeg4|msmpeg4v\d|msmpeg4|wmv[12]|mpeg[12]video|mjpeg|mjpegb|dvvideo|ffv1|huffyuv|` +
    String.raw`ffvhuff|utvideo|prores|rawvideo|png|gif|flv1|theora|cinepak|jpeg2000|bmp|tiff|webp|qtrle|rpza)$`,
);

// An MPEG-4 VOP that says "as before" has 6 to 13 bytes, more with a group's header before it. Of other codecs so small
// a packet is a mark (the start or the end of something) and no picture.
const tinyBytes = (codec: string): number => (codec === 'mpeg4' ? 32 : 8);

/**
 * Whether a stream's packets may be others in number than its pictures: pictures coded as two fields; pictures at the
 * start that lean on what was cut off before; packets that say "as before", or hold no picture at all.
 * @param packets of this stream alone, in the order of the file
 */
export function packetsMayMislead(stream: ListedStream, packets: readonly ListedPacket[]): boolean {
  const { codec_name: codec = 'unknown', field_order: order } = stream;
  if (!onePictureAPacket.test(codec)) return true;
  if (codec === 'h264' && order !== undefined && /^[tb][tb]$/.test(order)) return true;
  const tiny = tinyBytes(codec);
  const firstKey = packets.findIndex(({ flags }) => flags?.includes('K'));
  if (firstKey > 0) return true;
  const keyTime = packets[0]?.pts;
  let beforeNextKey = true;
  for (const [i, { pts, size, flags }] of packets.entries()) {
    if (size !== undefined && size > 0 && size <= tiny) return true;
    if (i > 0 && flags?.includes('K')) beforeNextKey = false;
    if (beforeNextKey && keyTime !== undefined && pts !== undefined && pts < keyTime) return true;
  }
  return false;
}

/**
 * Counts the pictures of a stream by decoding it, with the very decoder that will be asked for them.
 * @returns null where the decoder does not end well: what is wrong shows when the clip is decoded
 */
export async function countPictures(
  input: ToolInput,
  streamIndex: number,
  { signal, limits }: { signal: AbortSignal | undefined; limits: ClipLimits },
): Promise<number | null> {
  const running = startTool({
    tool: 'ffmpeg',
    inputs: [input],
    outputOptions: [
      ...['-map', `0:${streamIndex}`, '-an', '-sn', '-dn', '-vsync', 'passthrough'],
      ...['-progress', standardOutput, '-f', 'null'],
    ],
    output: standardOutput,
    limits,
    signal,
  });
  const report = await readOutput(running, 16 << 20);
  const { code } = await running.exit;
  signal?.throwIfAborted();
  if (report === null || code !== 0) return null;
  const counts = [...report.toString('latin1').matchAll(/^frame=\s*(\d+)/gm)];
  return counts.length === 0 ? null : Number(counts.at(-1)?.[1]);
}
