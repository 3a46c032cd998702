import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { digestOf, isPlainPath, knownDigest, sha256File, writeFileAtomic, canonicalJson } from '@primatrix/files';
import { z } from 'zod';
import type { StageResult } from './stage.ts';

const manifestSchema = z.object({
  schema: z.literal(1),
  stage: z.string(),
  /** Digest of everything the result depends on. */
  key: z.string(),
  outputs: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.int().nonnegative() })),
  summary: z.json(),
});

/**
 * The small file that stands for a stage's result in caches: digests of what lies in the artifact folder.
 * It holds no times, no host and no path outside that folder, so equal work gives equal bytes.
 */
export type StageManifest = z.infer<typeof manifestSchema>;

/** Where a stage's manifest lies, below the artifact folder. */
function manifestPath(project: string, task: string): string {
  return `stages/${project}/${task}.json`;
}

/** The manifest, or undefined where there is none or it is damaged (then the stage simply runs again). */
export async function readManifest(
  artifacts: string,
  project: string,
  task: string,
): Promise<StageManifest | undefined> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(artifacts, manifestPath(project, task)), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Digests a stage's outputs and writes its manifest. */
export async function writeManifest(
  artifacts: string,
  project: string,
  task: string,
  key: string,
  result: StageResult,
): Promise<StageManifest> {
  const outputs = [];
  for (const path of [...result.outputs].sort()) {
    const file = join(artifacts, path);
    outputs.push({ path, sha256: await sha256File(file), bytes: (await stat(file)).size });
  }
  const manifest: StageManifest = {
    schema: 1,
    stage: `${project}:${task}`,
    key,
    outputs,
    summary: result.summary as StageManifest['summary'],
  };
  await writeFileAtomic(join(artifacts, manifestPath(project, task)), `${canonicalJson(manifest)}\n`);
  return manifest;
}

/** What later stages depend on: the outputs, not how they were made, so unchanged results stop a rebuild. */
export function resultDigest(manifest: StageManifest): string {
  return digestOf({ outputs: manifest.outputs, summary: manifest.summary });
}

/** A sentence naming the first output that is gone or is not what the stage made, to the last digit; or undefined. */
export async function missingOutput(artifacts: string, manifest: StageManifest): Promise<string | undefined> {
  for (const output of manifest.outputs) {
    if (!isPlainPath(output.path)) return `${output.path} does not lie in the artifacts`;
    const path = join(artifacts, output.path);
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && !info.isFile()) return `${output.path} is no file`;
    if (info === undefined) return `${output.path} is gone`;
    if (info.size !== output.bytes) return `${output.path} has ${info.size} bytes instead of ${output.bytes}`;
    if ((await knownDigest(path)) !== output.sha256) return `${output.path} was changed after it was made`;
  }
  return undefined;
}

/** All stages whose manifests lie below the artifact folder. */
export async function readManifests(artifacts: string): Promise<StageManifest[]> {
  const folder = join(artifacts, 'stages');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const manifests: StageManifest[] = [];
  for (const { name, parentPath } of entries.filter(({ name }) => name.endsWith('.json'))) {
    const found = await readManifest(artifacts, relative(folder, parentPath), name.slice(0, -'.json'.length));
    if (found !== undefined) manifests.push(found);
  }
  return manifests;
}
