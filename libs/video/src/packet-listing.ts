import { z } from 'zod';
import { ClipError } from './errors.ts';
import { startTool, type ToolExit, type ToolInput } from './ffmpeg-process.ts';
import { raiseLimit, type ClipLimits } from './limits.ts';
import { readOutput } from './read-output.ts';

const numeric = z.coerce.number().catch(Number.NaN);
const tagSchema = z.record(z.string(), z.string()).optional();
const packetSchema = z.object({
  stream_index: z.int().optional(),
  pts: z.number().optional(),
  size: numeric.optional(),
  flags: z.string().optional(),
});
const listingSchema = z.object({
  packets: z.array(packetSchema).optional(),
  streams: z.array(
    z.object({
      index: z.int(),
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      width: numeric.optional(),
      height: numeric.optional(),
      pix_fmt: z.string().optional(),
      field_order: z.string().optional(),
      color_range: z.string().optional(),
      r_frame_rate: z.string().optional(),
      avg_frame_rate: z.string().optional(),
      time_base: z.string().optional(),
      nb_frames: numeric.optional(),
      duration: numeric.optional(),
      sample_rate: numeric.optional(),
      channels: numeric.optional(),
      disposition: z.object({ attached_pic: z.int().optional(), default: z.int().optional() }).optional(),
      tags: tagSchema,
      side_data_list: z.array(z.object({ rotation: numeric.optional() })).optional(),
    }),
  ),
  format: z.object({ format_name: z.string(), duration: numeric.optional(), tags: tagSchema }),
});

/** One packet as ffprobe lists it. */
export type ListedPacket = z.infer<typeof packetSchema>;
/** What ffprobe says of a file: its streams, its tags, and every packet. */
export type Listing = z.infer<typeof listingSchema>;
/** One stream as ffprobe lists it. */
export type ListedStream = Listing['streams'][number];

const listedEntries = [
  'packet=stream_index,pts,size,flags',
  'stream=index,codec_type,codec_name,width,height,pix_fmt,field_order,color_range,r_frame_rate,avg_frame_rate,' +
    'time_base,nb_frames,duration,sample_rate,channels',
  'stream_disposition=attached_pic,default',
  'stream_tags',
  'stream_side_data=rotation',
  'format=format_name,duration',
  'format_tags',
].join(':');

// A packet is a line of about 90 bytes; sound has as many packets as pictures.
const listingBytesOfFrame = 300;

/**
 * Lists a file's streams and packets, without decoding.
 * @returns the listing, null where ffprobe could not open the file, and how it ended
 * @throws ClipError too-large
 */
export async function listPackets(
  path: string,
  input: ToolInput,
  { signal, limits }: { signal: AbortSignal | undefined; limits: ClipLimits },
): Promise<{ listing: Listing | null; exit: ToolExit }> {
  const running = startTool({
    tool: 'ffprobe',
    inputs: [input],
    outputOptions: ['-show_entries', listedEntries, '-of', 'json=compact=1'],
    output: null,
    limits,
    signal,
  });
  const output = await readOutput(running, limits.maxFrames * listingBytesOfFrame);
  const exit = await running.exit;
  signal?.throwIfAborted();
  if (output === null) {
    throw new ClipError('too-large', path, `video: '${path}' has more packets than a clip may have`, {
      hint: raiseLimit('maxFrames'),
    });
  }
  const listing = exit.code === 0 ? listingSchema.parse(JSON.parse(output.toString('utf8'))) : null;
  return { listing, exit };
}

/**
 * Packets of one stream as they lie in an MP4, those too that its edit list passes over; null where this ffprobe cannot
 * tell.
 */
export async function countUneditedPackets(
  input: ToolInput,
  streamIndex: number,
  { signal, limits }: { signal: AbortSignal | undefined; limits: ClipLimits },
): Promise<number | null> {
  const running = startTool({
    tool: 'ffprobe',
    inputs: [{ ...input, options: [...(input.options ?? []), '-ignore_editlist', '1'] }],
    outputOptions: ['-count_packets', '-show_entries', 'stream=index,nb_read_packets', '-of', 'csv=p=0'],
    output: null,
    limits,
    signal,
  });
  const output = (await readOutput(running, 1 << 20)) ?? Buffer.alloc(0);
  await running.exit;
  signal?.throwIfAborted();
  for (const line of output.toString('utf8').split('\n')) {
    const [index, count] = line.split(',').map(Number);
    if (index === streamIndex && count !== undefined && Number.isInteger(count)) return count;
  }
  return null;
}
