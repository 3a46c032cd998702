/** File name endings of video, pictures and sound, as cameras, recorders and archives write them. */
const mediaEndings: ReadonlySet<string> = new Set(
  [
    '.3g2 .3gp .asf .avi .dv .flv .m2ts .m2v .m4v .mjpg .mkv .mod .mov .mp4 .mpeg .mpg .mts .mxf',
    '.ogv .ts .vob .webm .wmv',
    '.bmp .gif .jpeg .jpg .png .tif .tiff .webp',
    '.aac .ac3 .aif .aiff .amr .au .caf .flac .m4a .mka .mp3 .oga .ogg .opus .w64 .wav .wma',
  ].flatMap((endings) => endings.split(' ')),
);

/**
 * Left on cards and disks by desktops, file servers and bins: what lies there are previews, copies, and what was thrown
 * away.
 */
const litter: ReadonlySet<string> = new Set([
  ...['thumbs.db', 'ehthumbs.db', 'desktop.ini', '__macosx', 'network trash folder', 'temporary items'],
  ...['$recycle.bin', 'recycler', 'recycled', 'system volume information', 'lost.dir'],
  // A review project keeps its thumbnails and uploads there.
  'primatrix-review',
  // What people had taken out of a folder that is watched.
  'primatrix-bin',
  ...['@eadir', '#recycle', '#snapshot', '@recycle', '@recently-snapshot', '@__thumb', '~snapshot'],
]);

/** Whether a file or folder of this name is passed over in a search: hidden, litter, or a bin. */
export function isLitter(name: string): boolean {
  return name.startsWith('.') || litter.has(name.toLowerCase());
}

/**
 * Whether a path below a folder looks like a clip's: a known ending, and no hidden part, litter or bin above it. Hidden
 * are what copying from a Mac leaves beside each clip (`._clip.mp4`), or half-written files.
 */
export function hasMediaName(path: string): boolean {
  const ending = /\.[^./]+$/.exec(path)?.[0] ?? '';
  return mediaEndings.has(ending.toLowerCase()) && !path.split('/').some(isLitter);
}
