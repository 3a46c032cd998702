import type { ClipFault, ClipOutcome } from '@primatrix/contracts';
import type { ToolExit } from './ffmpeg-process.ts';
import { isHarmless } from './harmless-words.ts';
import { raiseLimit } from './limits.ts';
import { cannotRead, processFault, type ClipInspection } from './inspect-clip.ts';

// ffmpeg repeats each failure of a decoder in these words.
const saysNothing = /^Error while decoding stream|^\S+ Error submitting packet/;
const saysNoDecoder = /^Decoder \(codec .*\) not found|no decoder found/i;
const saysTruncated = /truncat|partial file|ended prematurely|unexpected end|end of file|read error|EOI missing/i;

/** Judges how decoding ended from what the container promises, what came out, and what the decoder complained of. */
export function decodeOutcome(
  { video, still, complete, beginsWell, foreign }: ClipInspection,
  exit: ToolExit,
  framesDecoded: number,
): ClipOutcome {
  const complaints = exit.errors.filter((line) => !isHarmless(line));
  const found = video?.frames ?? 0;
  const promised = video?.framesPromised ?? null;
  const content = complaints.length === 0 && exit.code === 0 && processFault(exit) === null;
  // Where every packet was read and none complained of, pictures are what came out: a packet need not be one. Only
  // packets that the container lists and that are not there were pictures, as far as anybody can know.
  const ofPackets = content ? framesDecoded : found;
  // Without a table, packets that damage has swallowed are not in the count either: it then promises nothing.
  const listed = complete && (content || framesDecoded < found) ? ofPackets : null;
  const framesExpected = promised === null ? listed : promised - found + ofPackets;
  const missing = framesExpected !== null && framesDecoded < framesExpected;
  // Where a container's chunks are broken, ffmpeg looks on for what may be pictures, and finds some twice or in noise.
  const surplus = promised !== null && promised < found;
  // A cut that took only an index or sound has taken no picture. A still is one picture however little of it is left.
  const cut = !complete && (still || promised === null || missing || complaints.length > 0);
  const counted = `decoded ${framesDecoded} of ${framesExpected ?? 'an unknown number of'} frames`;
  // ffmpeg reads and decodes in several threads: who complains first differs from run to run, and the reason must not.
  const sorted = complaints.toSorted();
  const complaint = sorted.find((line) => !saysNothing.test(line)) ?? sorted[0];
  const because = complaint === undefined ? '' : `; ${complaint}`;
  const outcome = (fault: ClipFault, reason: string): ClipOutcome => ({
    status: framesDecoded === 0 ? 'failed' : 'degraded',
    fault,
    reason: `${reason}${because}`,
    framesDecoded,
    framesExpected,
  });

  const fault = processFault(exit);
  if (fault !== null) {
    const limit = { 'timed-out': 'maxWallSeconds', 'too-large': 'maxPixels', 'tool-failed': null } as const;
    const over = limit[fault];
    const advice = over === null ? '' : ` (${raiseLimit(over)})`;
    return outcome(fault, `${counted}, then ffmpeg ${endOf(exit)}${advice}`);
  }
  if (framesDecoded === 0 && !cut) {
    const strange = foreign ?? (complaints.some((line) => saysNoDecoder.test(line)) ? 'its codec' : null);
    return outcome('no-frames', strange === null ? counted : `${counted}: ${cannotRead(strange)}`);
  }
  if (cut) return outcome('truncated', `${counted}: the file ends before its container does`);
  if (complaints.some((line) => saysTruncated.test(line))) return outcome('truncated', counted);
  if (complaints.length > 0 || exit.code !== 0) return outcome('damaged', counted);
  if (missing) return outcome('truncated', counted);
  if (!beginsWell) return outcome('damaged', `${counted}: the file begins with something else`);
  if (surplus) return outcome('damaged', `${counted}: more than its container has`);
  return { status: 'ok', fault: null, reason: '', framesDecoded, framesExpected };
}

function endOf(exit: ToolExit): string {
  if (exit.timedOut) return 'reached the time limit';
  return exit.killedBy === null ? `ended with exit code ${exit.code}` : `was killed by ${exit.killedBy}`;
}
