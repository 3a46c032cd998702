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

/**
 * Cuts a sound into the looks of a model, all of one length.
 * @param samples at least one, at the model's rate
 */
export function soundWindows(samples: Int16Array, input: SoundInput, { every, looks }: HearingPlan): Int16Array[] {
  const { rate, window, fill } = input;
  const step = Math.max(1, Math.round(every * rate));
  const starts = [0];
  for (let start = step, end = window; start < samples.length && end < samples.length; start += step) {
    starts.push(start);
    end = start + window;
  }
  const chosen =
    starts.length <= looks
      ? starts
      : Array.from({ length: looks }, (_, i) => starts[Math.floor((i * starts.length) / looks)] as number);
  // Of less than a frame no net makes anything: a click of a few samples is heard in silence.
  const least = input.form === 'mel' ? input.mel.windowSize + 1 : 1;
  const length = fill === 'zeros' ? window : Math.max(least, Math.min(window, samples.length));
  const last = fill === 'zeros' ? samples.length : Math.max(0, samples.length - length);
  return chosen.map((wanted) => {
    const start = Math.min(wanted, last);
    const own = samples.subarray(start, start + length);
    if (own.length === length) return own;
    const filled = new Int16Array(length);
    filled.set(own);
    return filled;
  });
}
