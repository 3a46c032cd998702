// What a decoder says at error level though no picture is missing or wrong for it, by kind.
const harmless: readonly RegExp[] = [
  // Times and their units: frames are taken as they come.
  /non.monoton\w+ (increasing )?dts/i,
  /invalid (timestamps?|mvhd time scale|time ?base|dts|pts)\b/i,
  /missing key frame while (searching for timestamp|reordering)/i,
  /(packet|frame) with invalid duration/i,
  // What cameras write beside a picture: application segments, EXIF, colour profiles, comments, captions.
  /unable to decode APP fields/i,
  /\b(exif|iptc|xmp|icc|iccp)\b/i,
  /TIFF (header in|sub-IFDs?)/i,
  /\bAPP(x|\d{1,2})\b/,
  // Messages to displays and editors (H.264, HEVC).
  /\bSEI\b/,
  /buffering period|picture[_ ]timing|closed caption|green metadata|(mastering display|content light)/i,
  // Names, titles and the like in a container's header.
  /tag \S+ has size \d+.*ignore it/i,
  /failed to parse '.*' as metadata|metadata block|attached picture/i,
  // A reference that an edit has cut off already, and how direct prediction does without one.
  /mmco: unref short failure/,
  /co located POCs unavailable/,
  /last message repeated/i,
];

/** Whether a line of the decoder's error output is no sign of damage to the pictures. */
export function isHarmless(line: string): boolean {
  return harmless.some((pattern) => pattern.test(line));
}
