import type { ReadableTool } from './ffmpeg-process.ts';

/** Collects all of standard output, at most `maxBytes` of it; kills the process beyond that and returns null. */
export async function readOutput(running: ReadableTool, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of running.stdout as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      running.kill();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
