import { UsageError, type Profile } from '@primatrix/contracts';
import type { Family, FeatureFamily } from '@primatrix/families';

/** Raised where the background of the same clips becomes another. */
const version = '1.0.0';

/** What the features of a family are called without the background. */
function foregroundName(family: string): string {
  return `${family}-foreground`;
}

/**
 * A family's vectors without the background of each site, as a family of their own, which nets can read beside the others.
 * @param others families of the training: those that tell motion and boxes tell which frames show the place alone
 * @throws UsageError `BACKGROUND_FEATURE` where the family makes no vectors, or none of the place
 */
export function foregroundFamily(family: FeatureFamily, others: readonly Family[], profile: Profile): FeatureFamily {
  const shape = family.rowShape(family.settings[profile]);
  if (shape.length !== 1 || family.tells !== undefined) {
    throw new UsageError('BACKGROUND_FEATURE', `--background: ${family.name} makes no vectors`, {
      hint: 'name an encoder: one of --model, or a backbone such as mobilenet-v2',
    });
  }
  if (family.rowsChosen === true) {
    throw new UsageError(
      'BACKGROUND_FEATURE',
      `--background: ${family.name} does not look at the place, but at what is in it`,
      {
        hint: 'leave out --background, or --look-with',
      },
    );
  }
  const telling = (what: FeatureFamily['tells']) =>
    others.flatMap((other) => (other.kind === 'features' && other.tells === what ? [other.name] : []));
  const [motion] = telling('motion');
  return {
    kind: 'features',
    name: foregroundName(family.name),
    version,
    summary: `${family.name} without the background of each site`,
    settings: { laptop: {}, competition: {} },
    background: { of: family.name, motion, boxes: telling('boxes').sort() },
    rowShape: () => shape,
    ...(family.mostRows === undefined ? {} : { mostRows: () => family.mostRows?.(family.settings[profile]) as number }),
    weightsDigest: async () => null,
    open: () => Promise.reject(new Error(`${foregroundName(family.name)} is made of other features, not of clips`)),
  };
}

/** The families whose features those without a background are made of. */
export function familiesBehind({ of, motion, boxes }: NonNullable<FeatureFamily['background']>): string[] {
  return [of, ...(motion === undefined ? [] : [motion]), ...boxes];
}
