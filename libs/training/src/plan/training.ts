import type { Profile } from '@primatrix/contracts';
import type { Dataset, TimeOrder } from '@primatrix/dataset';
import type {
  EnsembleFamily,
  Family,
  FeatureContext,
  FeatureFamily,
  MetadataFamily,
  NeighbourFamily,
  NetFamily,
  StackFamily,
} from '@primatrix/families';
import type { EngineName } from '@primatrix/nets';
import { PlanSettingsError } from './plan-settings-error.ts';

/** What a training run is about: fixed before the first stage starts. */
export interface Training {
  readonly dataset: Dataset;
  /** Absolute path of `artifacts/<dataset>`. */
  readonly artifacts: string;
  readonly profile: Profile;
  readonly families: readonly Family[];
  /** Stackers that are installed but that this platform cannot run: reasons by family. */
  readonly leftOut?: ReadonlyMap<string, string>;
  readonly folds: number;
  readonly seed: number;
  /** What trains nets. Default `onnx`. */
  readonly engine?: EngineName;
  /** Numeric engine, device and weights for feature families. */
  readonly context: FeatureContext;
  /** What puts clips before and after each other. Default: what the profile goes by. */
  readonly timeOrder?: TimeOrder;
  /** Folders of ready clips that families look at in place of the dataset's, under the same names; by family. */
  readonly standIns?: ReadonlyMap<string, string>;
}

/** The families of a training by kind. */
export interface FamilySet {
  readonly metadata: MetadataFamily;
  readonly features: readonly FeatureFamily[];
  readonly nets: readonly NetFamily[];
  readonly neighbours: NeighbourFamily;
  readonly stacks: readonly StackFamily[];
  readonly ensemble: EnsembleFamily;
}

/**
 * Sorts families by kind and checks that they fit together.
 * @throws PlanSettingsError where there is not exactly one family each of metadata, neighbours and ensemble, or a net reads
 * features of a family that is not there
 */
export function familySet(families: readonly Family[], profile: Profile): FamilySet {
  const ofKind = <K extends Family['kind']>(kind: K) =>
    families.filter((family) => family.kind === kind) as Extract<Family, { kind: K }>[];
  const only = <F>(kind: string, found: readonly F[]): F => {
    const [first] = found;
    if (first === undefined || found.length > 1) {
      throw new PlanSettingsError(
        'PLAN_FAMILIES',
        `training: exactly one family of kind '${kind}' must be installed, got ${found.length}`,
      );
    }
    return first;
  };
  const nets = ofKind('nets');
  const read = new Set(nets.map((net) => net.settings[profile].feature));
  const features = ofKind('features').filter(
    (family) => read.has(family.name) || family.rowsAlone?.includes(profile) === true,
  );
  for (const net of nets) {
    const feature = net.settings[profile].feature;
    if (!features.some((family) => family.name === feature)) {
      throw new PlanSettingsError(
        'PLAN_FAMILIES',
        `training: ${net.name} reads '${feature}' features, but no installed family makes them`,
        {
          hint: `install one, or leave the net out with --only`,
        },
      );
    }
  }
  return {
    metadata: only('ingest', ofKind('ingest')),
    features,
    nets,
    neighbours: only('neighbours', ofKind('neighbours')),
    stacks: ofKind('stack'),
    ensemble: only('ensemble', ofKind('ensemble')),
  };
}
