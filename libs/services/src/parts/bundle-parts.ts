import { releaseOf } from '@primatrix/contracts';
import type { Producer, Stage } from '@primatrix/contracts';
import { digestOf } from '@primatrix/files';
import { featureFiles, type BundleManifest } from '@primatrix/prediction';

/** One part of a bundle that a service can do: a family, or one member of a family of stackers. */
export interface BundlePart {
  readonly stage: Stage;
  readonly family: string;
  /** Its name within the bundle: the family's, or the member's of stackers. */
  readonly name: string;
  readonly version: string;
  /** Names this version with these weights and settings: services of the release share a queue. */
  readonly release: string;
  /** sha256 over the weights; null where there are none. */
  readonly modelDigest: string | null;
  /** Equal for releases that can stand in for each other: they read and answer the same. */
  readonly contract: string;
  /** Of nets: the family whose features it reads. */
  readonly reads: string | null;
}

/** The joiner's own name in subjects. */
export const joinerFamily = 'joiner';

/** The parts of a bundle in the order in which a clip meets them. */
export function bundleParts({ metadata, features, nets, stacks, ensemble, classes }: BundleManifest): BundlePart[] {
  const part = (
    stage: Stage,
    { family, version }: { family: string; version: string },
    name: string,
    own: { weights?: readonly string[]; settings: unknown; contract: unknown; reads?: string | undefined },
  ): BundlePart => {
    const modelDigest = own.weights === undefined || own.weights.length === 0 ? null : digestOf(own.weights);
    const release = releaseOf(version, digestOf({ family, name, version, modelDigest, settings: own.settings }));
    return {
      stage,
      family,
      name,
      version,
      release,
      modelDigest,
      contract: digestOf({ stage, name, contract: own.contract }),
      reads: own.reads ?? null,
    };
  };
  // Of its settings, the only one that ingest goes by; the others are of who makes the columns.
  const probed = metadata.settings?.soundBytes === true ? { soundBytes: true } : null;
  const ingested = { settings: probed, contract: probed };
  const digests = (models: readonly { readonly sha256: string }[]) => models.map(({ sha256 }) => sha256);
  return [
    part('ingest', metadata, metadata.family, ingested),
    ...features.map((made) => {
      const { family, settings, weightsDigest } = made;
      return part('features', made, family, {
        weights: digests(featureFiles(made)),
        settings: { settings, weightsDigest },
        contract: { settings, ...(made.model === undefined ? {} : { answers: made.model.answers }) },
      });
    }),
    ...nets.map((net) => {
      const { reads, input, crop, crops, padding } = net;
      return part('nets', net, net.family, {
        weights: digests(net.models),
        settings: { classes, reads, input, crop, crops, padding },
        contract: { classes, reads },
        reads,
      });
    }),
    ...stacks.map((stack) =>
      part('stack', stack, stack.member, {
        weights: digests(stack.models),
        settings: { classes, columns: stack.columns },
        contract: { classes, columns: stack.columns },
      }),
    ),
    part('ensemble', ensemble, ensemble.family, {
      settings: { weights: ensemble.weights, calibration: ensemble.calibration },
      contract: classes,
    }),
  ];
}

/** The release of the joiner of a bundle. */
export function joinerRelease(bundleDigest: string, version: string): string {
  return releaseOf(version, bundleDigest);
}

/** Who answers for a part. @param installed the version of what runs, where the part's code makes its results */
export function producerOf(part: BundlePart, installed = part.version): Producer {
  return { name: `@primatrix/${part.family}`, version: installed, modelDigest: part.modelDigest };
}
