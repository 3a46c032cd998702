import { expect, it } from 'vitest';
import { isHarmless } from './harmless-words.ts';

it.each([
  '[mjpeg] unable to decode APP fields: Invalid data found when processing input',
  '[mjpeg] mjpeg: error decoding EXIF data',
  '[mjpeg] mjpeg: invalid TIFF header in EXIF data',
  '[mjpeg] Mismatching sequence number and coded number of ICC markers',
  '[h264] SEI type 5 size 2184 truncated at 1008',
  '[h264] non-existing SPS 1 referenced in buffering period',
  '[null] Application provided invalid, non monotonically increasing dts to muxer in stream 0: 10 >= 10',
  '[mov,mp4,m4a,3gp,3g2,mj2] Missing key frame while searching for timestamp: 1000',
  '[avi] Something went wrong during header parsing, tag ISFT has size 4000000, I will ignore it and try to continue anyway.',
])('%s is no damage', (line) => {
  expect(isHarmless(line)).toBe(true);
});

it.each([
  '[h264] error while decoding MB 12 3, bytestream -7',
  '[mjpeg] overread 8',
  '[mjpeg] No JPEG data found in image',
  '[mov,mp4,m4a,3gp,3g2,mj2] stream 0, offset 0x30: partial file',
  '[mpeg4] header damaged',
  '[matroska,webm] File ended prematurely at pos. 4000 (0xfa0)',
  'Error while decoding stream #0:0: Invalid data found when processing input',
])('%s is damage', (line) => {
  expect(isHarmless(line)).toBe(false);
});
