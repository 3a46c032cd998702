export { contactSheet } from './contact-sheet.ts';
export type { ContactSheet, SeenFrame, SheetClip, SheetGroup } from './contact-sheet.ts';
export { encodeHashVideo } from './hash-video.ts';
export type { TitledClip, VideoOptions } from './hash-video.ts';
export { encodePng } from './png.ts';
export { Raster } from './raster.ts';
export type { Box, Color } from './raster.ts';
export { drawText } from './text.ts';
export { encodeVectorVideo } from './vector-video.ts';
