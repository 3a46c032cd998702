import { clipFaultSchema, clipMetadataSchema } from '@primatrix/contracts';
import { z } from 'zod';

/** A line of what ingest leaves. */
export const ingestedSchema = z.object({
  filename: z.string(),
  split: z.enum(['train', 'test', 'other']),
  /** Set when the clip could be probed. */
  metadata: clipMetadataSchema.nullable(),
  /** Set when it could not. */
  fault: clipFaultSchema.nullable(),
  reason: z.string(),
});

/** What ingest found out about one clip of the dataset. */
export type IngestedClip = z.infer<typeof ingestedSchema>;
