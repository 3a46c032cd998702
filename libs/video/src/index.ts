export { encodeClip } from './encode-clip.ts';
export type { EncodeClipOptions } from './encode-clip.ts';
export { ClipError, VideoToolError } from './errors.ts';
export { ffmpegPath, ffprobePath, tools } from './tools.ts';
export type { ToolInfo, ToolName, ToolOrigin } from './tools.ts';
export { writeWav } from './wav.ts';
