import { createRequire } from 'node:module';
import type { MetadataFamily } from '@primatrix/families';
import { metadataColumns } from './metadata-columns.ts';
import { sizeReference } from './size-reference.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Metadata columns: size, length and sound of a clip, and how hard its pictures were to compress. */
export const family: MetadataFamily = {
  kind: 'ingest',
  name: 'video-ingest',
  version,
  summary: 'metadata of the clip: size, length, bit rate, capture hour, sound',
  reference: sizeReference,
  columns: metadataColumns,
};
