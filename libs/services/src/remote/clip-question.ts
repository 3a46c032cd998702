import type { FileRef, LatePolicy } from '@primatrix/contracts';
import { joinerFamily } from '../parts/bundle-parts.ts';
import { joinerReleaseOf } from '../joiner/start-joiner.ts';
import type { Question } from './requester.ts';

/** A clip whose record a joiner is asked for. */
export interface AskedClip {
  readonly ref: FileRef;
  readonly filename: string;
  readonly site?: string | null | undefined;
  readonly capturedAt?: Date | null | undefined;
  /** Default: the bundle's. */
  readonly policy?: LatePolicy | null;
  /** Wanted versions by part; default: those that are released. */
  readonly versions?: Readonly<Record<string, string>>;
}

/**
 * The question for a clip's first-level record.
 * @param bundle digest of the bundle
 * @param inputs what tells it from other questions of the run
 */
export function clipQuestion(bundle: string, clip: AskedClip, inputs: unknown): Question {
  const { ref, filename, site = null, capturedAt = null, policy = null, versions = {} } = clip;
  return {
    stage: 'clips',
    family: joinerFamily,
    part: joinerFamily,
    release: joinerReleaseOf(bundle),
    clipId: ref.sha256,
    payload: {
      ...{ tensors: {}, files: { clip: ref }, filename, site, policy, versions },
      capturedAt: capturedAt?.toISOString() ?? null,
    },
    inputs,
  };
}
