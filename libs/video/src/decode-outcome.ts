import type { ClipFault, ClipOutcome } from '@primatrix/contracts';
import type { ToolExit } from './ffmpeg-process.ts';
import { processFault, type ClipInspection } from './inspect-clip.ts';

// Said at error level, but no frame is missing or wrong for it.
const harmless = [
  /mmco: unref short failure/, // a reference that an edit has cut off already
  /non.monoton\w+ (increasing )?dts/i, // time stamps; frames are taken as they come
  /co located POCs unavailable/,
  /Last message repeated/,
];
// ffmpeg repeats each failure of a decoder in these words.
const saysNothing = /^Error while decoding stream|^\S+ Error submitting packet/;
const saysTruncated = /truncat|partial file|ended prematurely|unexpected end|end of file|read error|EOI missing/i;

/** Judges how decoding ended from what the container promises, what came out, and what the decoder complained of. */
export function decodeOutcome(
  { video, still, complete }: ClipInspection,
  exit: ToolExit,
  framesDecoded: number,
): ClipOutcome {
  const complaints = exit.errors.filter((line) => !harmless.some((pattern) => pattern.test(line)));
  const promised = video?.framesPromised ?? null;
  // Without a table, packets that damage has swallowed are not in the count either: it then promises nothing.
  const listed =
    complete && (complaints.length === 0 || framesDecoded < (video?.frames ?? 0)) ? (video?.frames ?? null) : null;
  const framesExpected = promised ?? listed;
  const missing = framesExpected !== null && framesDecoded < framesExpected;
  // A cut that took only an index or sound has taken no picture. A still is one picture however little of it is left.
  const cut = !complete && (still || promised === null || missing);
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
  if (fault !== null) return outcome(fault, `${counted}, then ffmpeg ${endOf(exit)}`);
  if (framesDecoded === 0) return outcome('no-frames', counted);
  if (cut) return outcome('truncated', `${counted}: the file ends before its container does`);
  if (complaints.some((line) => saysTruncated.test(line))) return outcome('truncated', counted);
  if (complaints.length > 0 || exit.code !== 0) return outcome('damaged', counted);
  if (missing) return outcome('truncated', counted);
  return { status: 'ok', fault: null, reason: '', framesDecoded, framesExpected };
}

function endOf(exit: ToolExit): string {
  if (exit.timedOut) return 'reached the time limit';
  return exit.killedBy === null ? `ended with exit code ${exit.code}` : `was killed by ${exit.killedBy}`;
}
