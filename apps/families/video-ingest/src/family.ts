import type { MetadataFamily } from '@primatrix/families';
import { packageOf } from '@primatrix/files';
import { metadataColumns } from './metadata-columns.ts';
import { sizeReference } from './size-reference.ts';

const { version } = packageOf(import.meta.url);

/** Metadata columns: size, length and sound of a clip, and how hard its pictures were to compress. */
export const family: MetadataFamily = {
  kind: 'ingest',
  name: 'video-ingest',
  version,
  summary: 'metadata of the clip: size, length, bit rate, capture hour, sound',
  reference: sizeReference,
  columns: metadataColumns,
};
