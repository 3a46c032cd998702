import { releaseOf } from '@primatrix/contracts';
import type { FamilyIdentity } from '@primatrix/families';
import { digestOf, packageOf } from '@primatrix/files';
import type { BundlePart } from '@primatrix/services';
import { engineVersions } from '@primatrix/training';

const { version } = packageOf(import.meta.url);

/** What trainers are called in subjects, and by `primatrix serve`. */
export const trainerFamily = 'trainer';

/** The package and version that answers. */
export const trainerProducer = { name: '@primatrix/trainers', version, modelDigest: null } as const;

/**
 * Names what computes: trainers with the same versions of engines and of installed families share a queue, and come to the same
 * bytes. Families that a training does not use count too.
 */
export function trainerRelease(installed: readonly Pick<FamilyIdentity, 'name' | 'version'>[]): string {
  const families = Object.fromEntries(installed.map((family) => [family.name, family.version]));
  return releaseOf(version, digestOf({ engines: engineVersions, families }));
}

/** A trainer as a service. */
export function trainerPart(release: string): BundlePart {
  return {
    stage: 'training',
    family: trainerFamily,
    name: trainerFamily,
    version,
    release,
    modelDigest: null,
    contract: release,
    reads: null,
  };
}
