/** The text that starts at `place` and ends before a zero byte. @throws RangeError where there is none */
export function textAt(bytes: Buffer, place: number): string {
  const end = place >= bytes.length ? -1 : bytes.indexOf(0, place);
  if (end < 0) throw new RangeError(`no text at byte ${place} of ${bytes.length}`);
  return bytes.toString('latin1', place, end);
}
