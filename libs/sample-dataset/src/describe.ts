import { planSample, type ClipPlan } from './plan.ts';

const damages: Readonly<Record<ClipPlan['damage'], string>> = {
  none: '',
  middle: 'bytes in its middle overwritten',
  cut: 'last third cut off',
  text: "not a clip at all but text under a clip's name",
};

/** One line of words on what a clip shows: `night at ridge-03: 1 leopard; 7.3 s with sound`. */
export function describeClip(plan: ClipPlan): string {
  const seen = plan.subjects.map(({ kind, count }) => `${count} ${kind}${count > 1 ? 's' : ''}`);
  const parts = [
    `${plan.night ? 'night' : 'day'} at ${plan.site}: ${seen.length > 0 ? seen.join(' and ') : 'only wind in the leaves'}`,
    `${(plan.frames / plan.fps).toFixed(1)} s ${plan.sound ? 'with' : 'without'} sound`,
  ];
  if (plan.damage !== 'none') parts.push(damages[plan.damage]);
  return parts.join('; ');
}

/** What every clip of a sample shows, in order of file name, without making it; for documentation and reports. */
export function describeSample(options: {
  readonly clips: number;
  readonly seed: number;
}): readonly (ClipPlan & { readonly description: string })[] {
  return planSample(options).map((plan) => ({ ...plan, description: describeClip(plan) }));
}
