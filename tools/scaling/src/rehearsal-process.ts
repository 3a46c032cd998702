// Runs one step of a rehearsal, which its parent measures by what this process says of itself at the end.
import { rehearsedTraining } from './rehearsal/rehearsed-training.ts';
import { rehearsalSteps } from './rehearsal/steps.ts';

const { step: name, size } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly step: string;
  readonly size: Omit<Parameters<typeof rehearsedTraining>[0], 'classCounts'> & {
    readonly classCounts: [string, number][];
  };
};
const training = await rehearsedTraining({ ...size, classCounts: new Map(size.classCounts) });
const step = rehearsalSteps(training).find((candidate) => candidate.name === name);
if (step === undefined) throw new RangeError(`scaling: there is no step '${name}'`);
const heldBefore = process.resourceUsage().maxRSS;
const before = process.cpuUsage();
const start = performance.now();
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};
const rounds: number[] = [];
await step.run(training, () => rounds.push(cpuSeconds()));
const [first, last] = [rounds[0], rounds.at(-1)];
const gigabytes = (kilobytes: number) => (kilobytes * 1024) / 1e9;
const { maxRSS } = process.resourceUsage();
const done = { seconds: (performance.now() - start) / 1000, cpuSeconds: cpuSeconds() };
const declared = await step.declares?.(training);
process.stdout.write(
  `${JSON.stringify({
    ...done,
    peakGB: gigabytes(maxRSS),
    heldGB: gigabytes(maxRSS - heldBefore),
    declaredGB: declared === undefined ? null : declared / 1e9,
    // The first one has what is done once in it.
    roundCpuSeconds: rounds.length > 1 ? ((last ?? 0) - (first ?? 0)) / (rounds.length - 1) : null,
  })}\n`,
);
