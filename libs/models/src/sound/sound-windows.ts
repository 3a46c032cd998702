import type { SoundInput } from '../folder/sound-input.ts';

/** Which parts of a clip's sound a model hears. */
export interface HearingPlan {
  /** Seconds from the beginning of one look to that of the next. */
  readonly every: number;
  /** At most so many; of a longer sound as many, evenly spread. */
  readonly looks: number;
}

/** An hour of windows of ten seconds. */
const usualLooks = 360;

/** The plan that a model's card asks for. */
export function hearingPlan({ hop, rate }: SoundInput): HearingPlan {
  return { every: hop / rate, looks: usualLooks };
}

/** Where the looks of a model lie in a sound, in samples; all are of one length. */
interface Windows {
  readonly starts: readonly number[];
  readonly length: number;
}

function windowsOf(samples: number, input: SoundInput, { every, looks }: HearingPlan): Windows {
  const { rate, window, fill } = input;
  const step = Math.max(1, Math.round(every * rate));
  const starts = [0];
  for (let start = step, end = window; start < samples && end < samples; start += step) {
    starts.push(start);
    end = start + window;
  }
  const chosen =
    starts.length <= looks
      ? starts
      : Array.from({ length: looks }, (_, i) => starts[Math.floor((i * starts.length) / looks)] as number);
  // Of less than a frame no net makes anything: a click of a few samples is heard in silence.
  const least = input.form === 'mel' ? input.mel.windowSize + 1 : 1;
  const length = fill === 'zeros' ? window : Math.max(least, Math.min(window, samples));
  const last = fill === 'zeros' ? samples : Math.max(0, samples - length);
  return { starts: chosen.map((wanted) => Math.min(wanted, last)), length };
}

/**
 * Cuts a sound into the looks of a model, all of one length.
 * @param samples at least one, at the model's rate
 */
export function soundWindows(samples: Int16Array, input: SoundInput, plan: HearingPlan): Int16Array[] {
  const { starts, length } = windowsOf(samples.length, input, plan);
  return starts.map((start) => {
    const own = samples.subarray(start, start + length);
    if (own.length === length) return own;
    const filled = new Int16Array(length);
    filled.set(own);
    return filled;
  });
}

/** Seconds into the sound of each of its looks, as {@link soundWindows} cuts them. @param samples how many the sound has */
export function windowTimes(
  samples: number,
  input: SoundInput,
  plan: HearingPlan,
): { readonly from: number; readonly to: number }[] {
  const { starts, length } = windowsOf(samples, input, plan);
  return starts.map((start) => ({ from: start / input.rate, to: Math.min(samples, start + length) / input.rate }));
}
