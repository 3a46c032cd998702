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
export async function setLatePolicy(
  folder: string,
  policy: LatePolicy | null,
  check: (manifest: BundleManifest) => void,
): Promise<{ manifest: BundleManifest; digest: string }> {
  check((await readBundle(folder)).manifest);
  const path = join(folder, bundleFile);
  const before = JSON.parse(await readFile(path, 'utf8')) as { schema: number };
  // Formats 2 and 3 differ in the policy alone, which programs of their time must not overlook.
  const schema = before.schema > 3 ? before.schema : policy === null ? 2 : 3;
  // Members that are undefined are left out.
  await writeFileAtomic(path, `${canonicalJson({ ...before, schema, late: policy ?? undefined })}\n`);
  return readBundle(folder);
}
