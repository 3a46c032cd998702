import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LatePolicy } from '@primatrix/contracts';
import { canonicalJson, writeFileAtomic } from '@primatrix/files';
import { bundleFile, readBundle, type BundleManifest } from './bundle-manifest.ts';

/**
 * Says in a bundle what services do about families that are late or fail. The bundle's digest changes with it, as results do;
 * without a policy it is again what it was before.
 * @param policy null for none: every family is waited for
 * @throws BundleError; whatever `check` throws, before anything is written
 */
export async function setLatePolicy(folder: string, policy: LatePolicy | null, check: (manifest: BundleManifest) => void): Promise<{ manifest: BundleManifest; digest: string }> {
  check((await readBundle(folder)).manifest);
  const path = join(folder, bundleFile);
  const { late: _, ...others } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  await writeFileAtomic(path, `${canonicalJson(policy === null ? { ...others, schema: 2 } : { ...others, schema: 3, late: policy })}\n`);
  return readBundle(folder);
}
