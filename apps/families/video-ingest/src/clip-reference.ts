import type { ClipMetadata } from '@primatrix/contracts';
import type { FileTimes, JsonValue } from '@primatrix/families';
import { z } from 'zod';
import { firstModified } from './modified-columns.ts';
import { sizeReference, sizeReferenceSchema, type SizeReference } from './size-reference.ts';

const withTimesSchema = z.strictObject({
  sizes: sizeReferenceSchema,
  /** Seconds since 1970. */
  firstModified: z.record(z.string(), z.number()),
});

/** What clips are compared with: the sizes of others, and, where modification times are columns, the earliest. */
export function clipReference(clips: readonly ClipMetadata[], modified?: readonly FileTimes[]): JsonValue {
  const sizes = sizeReference(clips);
  return modified === undefined ? sizes : { sizes, firstModified: firstModified(modified) };
}

/** @throws ZodError where it is none */
export function readReference(reference: JsonValue): {
  readonly sizes: SizeReference;
  readonly firstModified: Readonly<Record<string, number>>;
} {
  const { success, data } = withTimesSchema.safeParse(reference);
  return success ? data : { sizes: sizeReferenceSchema.parse(reference), firstModified: {} };
}
