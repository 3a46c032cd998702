import { UsageError } from '@primatrix/contracts';
import { netInputShape, type FeatureFamily, type NetFamily } from '@primatrix/families';
import type { TrainSettings } from '@primatrix/nets';
import { benchNets, type NetBench, type NetToBench } from '@primatrix/nets/bench';
import { installedFamilies } from '../installed-families.ts';

const profile = 'competition';
/** Classes of the competition. */
const classes = 24;

/**
 * Measures the installed nets at the size and batch of the profile `competition`, one after the other, a process each.
 * @param only names of nets; all where there are none
 * @param report called before each net and after it
 * @throws UsageError `FAMILY_UNKNOWN`; FamilyError `FAMILY_READS` where no installed family makes what a net reads
 */
export async function benchInstalledNets(
  only: readonly string[] | undefined,
  report: (line: string) => void,
): Promise<Record<string, NetBench>> {
  const families = await installedFamilies();
  // What is fitted in one go has no steps.
  const nets = families.filter(
    (family) => family.kind === 'nets' && family.settings[profile].train !== undefined,
  ) as NetFamily[];
  const features = families.filter((family) => family.kind === 'features');
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
    for await (const bench of benchNets([atCompetitionSize(net, features)])) {
      results[net.name] = bench;
      const { stepMs, gflops, ratio, ratioOfCpu, peakGB } = bench;
      report(
        `${net.name}  ${stepMs.median.toFixed(0)} ms a step, ${gflops.toFixed(0)} GFLOP/s, ${ratio.toFixed(2)} times its forward pass (${ratioOfCpu.toFixed(2)} of processor time), ${peakGB.toFixed(1)} GB`,
      );
    }
  }
  return results;
}

function atCompetitionSize(net: NetFamily, features: readonly FeatureFamily[]): NetToBench {
  const spec = net.build({ input: netInputShape(net, features, profile), classes, profile });
  const { batch, microBatch, optimizer } = net.settings[profile].train as TrainSettings;
  return { name: net.name, spec, batch, optimizer, ...(microBatch === undefined ? {} : { microBatch }) };
}
