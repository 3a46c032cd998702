import { execFileSync } from 'node:child_process';
import { ffmpegPath } from './tools.ts';

/** Every picture of a file in the colours of ffmpeg's own conversion, [frames, height, width, 3]. */
export function ffmpegColours(path: string): Buffer {
  return execFileSync(ffmpegPath(), [...['-v', 'error', '-i', path], ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', '-']]);
}
