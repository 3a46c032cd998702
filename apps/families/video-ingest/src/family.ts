import type { MetadataFamily } from '@primatrix/families';
import { packageOf } from '@primatrix/files';
import { clipReference } from './clip-reference.ts';
import { metadataColumns } from './metadata-columns.ts';

const { version } = packageOf(import.meta.url);

/** Metadata columns: size, length and sound of a clip, and how hard its pictures were to compress. */
export const family: MetadataFamily = {
  kind: 'ingest',
  name: 'video-ingest',
  version,
  summary: 'metadata of the clip: size, length, bit rate, capture hour, sound',
  settings: {
    // The original's eleven, and no others.
    competition: {
      columns: [
        ...['bytes', 'width', 'height', 'frames', 'modified_at', 'micro_modified_at'],
        ...['audio_bytes', 'audio_samples', 'audio_min', 'audio_max', 'audio_mean'],
      ],
      modified: ['clip', 'micro'],
      soundBytes: true,
      silence: 0,
    },
  },
  reference: clipReference,
  columns: metadataColumns,
};
