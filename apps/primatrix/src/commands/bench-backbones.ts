import { backboneFamilies, defaultWeightsDir } from '@primatrix/backbones';
import { benchBackbones, benchReuse, cheapestBackbone, type BackboneBenchReport } from '@primatrix/backbones/bench';
import { backboneNamed, installedFamilies } from '../installed-families.ts';

/**
 * Measures the installed backbones at the sizes of their profiles.
 * @param only names of backbones; all where there are none
 * @param python a Python with PyTorch to measure beside; none where it is left out
 * @param clips on these, what reuse of features between frames saves the cheapest of them is measured too
 * @throws UsageError `WEIGHTS_BACKBONE`; BackboneError `BENCH_REFERENCE`; ClipError
 */
export async function benchInstalledBackbones(
  only: readonly string[] | undefined,
  clips: readonly string[] | undefined,
  python: string | undefined,
): Promise<BackboneBenchReport & { reuse?: Awaited<ReturnType<typeof benchReuse>> }> {
  const weightsDir = defaultWeightsDir();
  const installed = backboneFamilies(await installedFamilies());
  const families = only?.map((name) => backboneNamed(installed, name)) ?? installed;
  const speed = await benchBackbones({ families, weightsDir, ...(python === undefined ? {} : { python }) });
  const family = cheapestBackbone(families);
  if (clips === undefined || family === undefined) return speed;
  return { ...speed, reuse: await benchReuse({ family, clips, weightsDir }) };
}
