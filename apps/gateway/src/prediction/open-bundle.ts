import type { BundleManifest } from '@primatrix/prediction';

/** A bundle that was read, and where it lies. */
export interface OpenBundle {
  readonly folder: string;
  readonly manifest: BundleManifest;
  readonly digest: string;
}
