export { ClipError, VideoToolError } from './errors.ts';
export { ffmpegPath, ffprobePath, tools } from './tools.ts';
export type { ToolInfo, ToolName, ToolOrigin } from './tools.ts';
