import { UsageError } from '@primatrix/contracts';
import type { NetFamily } from '@primatrix/families';
import { benchNets, type NetBench, type NetToBench } from '@primatrix/nets/bench';
import { installedFamilies } from '../installed-families.ts';

/** What a frame (or a sample of sound) has in each kind of features, in the profile `competition`. */
const frameShapes: Readonly<Record<string, readonly number[]>> = {
  vgg16: [512],
  resnet50: [2048],
  'inception-v3': [2048],
  'mobilenet-v2': [1280],
  'image-hash': [128],
  waveform: [1],
  micro: [64, 64, 3],
};

/** Classes of the competition. */
const classes = 24;

/**
 * Measures the installed nets at the size and batch of the profile `competition`, one after the other, a process each.
 * @param only names of nets; all where there are none
 * @param report called before each net and after it
 * @throws UsageError `FAMILY_UNKNOWN`
 */
export async function benchInstalledNets(
  only: readonly string[] | undefined,
  report: (line: string) => void,
): Promise<Record<string, NetBench>> {
  const nets = (await installedFamilies()).filter((family) => family.kind === 'net');
  const unknown = only?.find((name) => !nets.some((net) => net.name === name));
  if (unknown !== undefined) {
    throw new UsageError('FAMILY_UNKNOWN', `bench nets: there is no net '${unknown}'`, {
      hint: `installed: ${nets.map((net) => net.name).join(', ')}`,
    });
  }
  const results: Record<string, NetBench> = {};
  for (const net of nets) {
    if (only !== undefined && !only.includes(net.name)) continue;
    report(`${net.name} ...`);
    for await (const bench of benchNets([atCompetitionSize(net)])) {
      results[net.name] = bench;
      const { stepMs, gflops, ratio, ratioOfCpu, peakGB } = bench;
      report(
        `${net.name}  ${stepMs.median.toFixed(0)} ms a step, ${gflops.toFixed(0)} GFLOP/s, ${ratio.toFixed(2)} times its forward pass (${ratioOfCpu.toFixed(2)} of processor time), ${peakGB.toFixed(1)} GB`,
      );
    }
  }
  return results;
}

function atCompetitionSize(net: NetFamily): NetToBench {
  const { feature, crop, train } = net.settings.competition;
  const whole = frameShapes[feature];
  if (whole === undefined) {
    throw new UsageError(
      'BENCH_FEATURE',
      `bench nets: the shape of '${feature}' features, which ${net.name} reads, is not known`,
      { hint: 'leave the net out with --only' },
    );
  }
  const spec = net.build({ input: [...crop, ...whole.slice(crop.length - 1)], classes, profile: 'competition' });
  const { batch, microBatch, optimizer } = train;
  return { name: net.name, spec, batch, optimizer, ...(microBatch === undefined ? {} : { microBatch }) };
}
