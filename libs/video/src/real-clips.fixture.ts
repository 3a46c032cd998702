import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClipOutcome } from '@primatrix/contracts';
import { sharedData } from '@primatrix/testkit';
import { openFrames, type OpenFramesOptions } from './open-frames.ts';

/** Folder of the real clips; empty where there is none. */
export const clips = sharedData('clips') ?? '';

/** The path of a real clip by how its name begins. */
export function clip(prefix: string): string {
  const found = readdirSync(clips).find((name) => name.normalize('NFC').startsWith(prefix.normalize('NFC')));
  if (found === undefined) throw new Error(`no clip ${prefix}`);
  return join(clips, found);
}

/** Decodes a clip to its end: the outcome, and a hash of some of its pixels. */
export async function decode(path: string, options: OpenFramesOptions = {}): Promise<ClipOutcome & { hash: number }> {
  const stream = await openFrames(path, options);
  let hash = 0;
  for await (const frame of stream) {
    const luma = frame.luma();
    for (let i = frame.index % 7; i < luma.length; i += 31) hash = (Math.imul(hash, 31) + (luma[i] ?? 0)) | 0;
  }
  return { ...(await stream.outcome), hash };
}
