import type { Listing, ListedStream } from './packet-listing.ts';

/** A sound stream that ffprobe can describe. */
export type SoundStream = {
  /** Number of the stream in the file. */
  readonly index: number;
  readonly codec: string;
  /** Samples a second. */
  readonly sampleRate: number;
  readonly channels: number;
  /** All of its packets, as they lie in the file. */
  readonly bytes: number;
};

/**
 * Pictures of each stream that its container presents: neither empty packets nor those that an edit list leaves out.
 */
function pictureCounts(listing: Listing): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { stream_index, flags, size } of listing.packets ?? []) {
    if (stream_index === undefined || flags?.includes('D') || size === 0) continue;
    counts.set(stream_index, (counts.get(stream_index) ?? 0) + 1);
  }
  return counts;
}

/**
 * The pictures of a clip: a stream that moves goes before a preview or a cover, whatever their order. Of streams with
 * about as many pictures (a camera may record a small copy beside) the larger picture counts, then the one that the
 * container calls its default. Pictures in a codec that nobody knows are pictures, too, where there are no others.
 */
export function chooseVideo(listing: Listing): ListedStream | undefined {
  const counts = pictureCounts(listing);
  const pictures = (stream: ListedStream): number => counts.get(stream.index) ?? 0;
  const all = listing.streams.filter(
    ({ codec_type, width, height, disposition }) =>
      codec_type === 'video' && disposition?.attached_pic !== 1 && (width ?? 0) > 0 && (height ?? 0) > 0,
  );
  const known = all.filter(({ codec_name }) => (codec_name ?? 'unknown') !== 'unknown');
  const able = known.length === 0 ? all : known;
  const most = Math.max(0, ...able.map(pictures));
  const moving = able.filter((stream) => pictures(stream) * 2 >= most);
  const area = ({ width = 0, height = 0 }: ListedStream): number => width * height;
  const isDefault = ({ disposition }: ListedStream): number => disposition?.default ?? 0;
  return moving.toSorted((a, b) => area(b) - area(a) || isDefault(b) - isDefault(a) || a.index - b.index)[0];
}

/**
 * All sound streams in the order in which they are tried; null where not even rate and channels are known. A codec that
 * nobody knows is tried last.
 */
export function soundStreams(listing: Listing): readonly SoundStream[] {
  const bytesOf = (index: number) =>
    (listing.packets ?? []).reduce(
      (sum, { stream_index, size }) => sum + (stream_index === index && size !== undefined && size > 0 ? size : 0),
      0,
    );
  const sounds = listing.streams.flatMap(({ index, codec_type, codec_name, sample_rate = 0, channels = 0 }) =>
    codec_type === 'audio' && sample_rate > 0 && channels > 0
      ? [{ index, codec: codec_name ?? 'unknown', sampleRate: sample_rate, channels, bytes: bytesOf(index) }]
      : [],
  );
  const unknown = ({ codec }: SoundStream): number => (codec === 'unknown' ? 1 : 0);
  return sounds.toSorted((a, b) => unknown(a) - unknown(b) || a.index - b.index);
}
