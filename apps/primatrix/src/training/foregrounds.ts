import { UsageError, type Profile } from '@primatrix/contracts';
import { netOver, type Family, type FeatureFamily, type NetFamily } from '@primatrix/families';
import { foregroundFamily } from '@primatrix/prediction';

/**
 * Families of a training in which nets also read what is named without the background of each site. The same nets are trained over the
 * vectors as they are, so that the scores can be compared.
 * @param installed has the nets that are trained over any vectors
 * @throws UsageError FAMILY_UNKNOWN, BACKGROUND_FEATURE
 */
export function withForegrounds(
  families: readonly Family[],
  {
    names,
    installed,
    profile,
  }: { readonly names: readonly string[]; readonly installed: readonly Family[]; readonly profile: Profile },
): Family[] {
  const heads = installed.filter((family) => family.kind === 'nets').filter(({ overModels }) => overModels === true);
  const found = [...families];
  for (const name of new Set(names)) {
    const vectors = encoderNamed(families, name);
    const foreground = foregroundFamily(vectors, families, profile);
    found.push(foreground);
    for (const net of heads) {
      if (!readsAlready(found, net, vectors, profile)) found.push(netOver(net, vectors));
      found.push(netOver(net, foreground));
    }
  }
  return found;
}

function encoderNamed(families: readonly Family[], name: string): FeatureFamily {
  const features = families.filter((family) => family.kind === 'features');
  const found = features.find((family) => family.name === name);
  if (found !== undefined) return found;
  throw new UsageError('FAMILY_UNKNOWN', `--background: there are no features '${name}'`, {
    hint: `features: ${features
      .map((family) => family.name)
      .sort()
      .join(', ')}; a model is also named with --model`,
  });
}

function readsAlready(families: readonly Family[], net: NetFamily, vectors: FeatureFamily, profile: Profile): boolean {
  return families.some(
    (family) =>
      family.kind === 'nets' &&
      family.settings[profile].feature === vectors.name &&
      (family.name === net.name || family.name === netOver(net, vectors).name),
  );
}
