import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensor } from '@primatrix/contracts';
import type { BackgroundTakenOff, FeatureFamily } from '@primatrix/families';
import { writeTable } from '@primatrix/feature-table';
import { canonicalJson, digestOf, writeFileAtomic } from '@primatrix/files';
import {
  backgroundClips,
  backgroundOf,
  fewestClips,
  meanBackground,
  rowFacts,
  takeOff,
  type BundleManifest,
  type ClipVectors,
} from '@primatrix/prediction';
import { readTensorFile, writeTensorFile } from '@primatrix/tensor-store';
import { z } from 'zod';
import { needsOf } from '../plan/stage-needs.ts';
import type { Stage } from '../plan/stage.ts';
import type { Training } from '../plan/training.ts';
import {
  entryIsThere,
  featureIndexPath,
  featureTensorPath,
  readFeatureIndex,
  writeFeatureIndex,
  type FeatureEntry,
  type FeatureIndex,
} from './feature-index.ts';
import { featureRowsPath } from './features.ts';

/** A family whose tensors are another's without the background. */
type ForegroundFamily = FeatureFamily & { readonly background: BackgroundTakenOff };

/** What a training keeps of backgrounds: the usual one, for clips of sites that have none of their own. */
const backgroundSchema = z.object({ usual: z.array(z.number()).nullable() });

function usualBackgroundPath(feature: string): string {
  return `features/${feature}/background.json`;
}

/**
 * What a bundle keeps of a foreground: what it is made of, and the usual background, the mean of the sites' own.
 * @param bundled the bundle's features; a family that made nothing of any clip tells nothing
 */
export async function bundledBackground(
  artifacts: string,
  { name, background: { of, motion, boxes } }: ForegroundFamily,
  bundled: ReadonlySet<string>,
): Promise<NonNullable<BundleManifest['features'][number]['background']>> {
  const text = await readFile(join(artifacts, usualBackgroundPath(name)), 'utf8');
  const usual = backgroundSchema.parse(JSON.parse(text)).usual ?? [];
  return {
    of,
    ...(motion === undefined || !bundled.has(motion) ? {} : { motion }),
    boxes: boxes.filter((family) => bundled.has(family)),
    usual,
  };
}

/** Whether a family's features are made of others instead of clips. */
export function isForeground(family: FeatureFamily): family is ForegroundFamily {
  return family.background !== undefined;
}

/**
 * The vectors of a family without the background of each clip's site: from its features, those that tell what moved and what detectors
 * saw, and who filmed where. Nothing is decoded, and no label is read.
 */
export function foregroundStage(training: Training, family: ForegroundFamily): Stage {
  const { artifacts, dataset } = training;
  const { background } = family;
  return {
    project: family.name,
    task: 'features',
    needs: needsOf(training, family.name, 'features'),
    cost: 0.01 * dataset.clips.length,
    inputs: async () => ({
      version: family.version,
      background,
      sites: digestOf(dataset.clips.map(({ filename, site }) => [filename, site ?? null])),
    }),
    async run({ signal, report }) {
      const source = await openSource(artifacts, background);
      const { ofSite, usual } = await backgrounds(training, source, signal);
      const siteOf = new Map(dataset.clips.map(({ filename, site }) => [filename, site]));
      const clips: FeatureEntry[] = [];
      let own = 0;
      for (const entry of source.vectors.clips) {
        signal.throwIfAborted();
        const site = siteOf.get(entry.filename);
        const found = site === undefined ? undefined : ofSite.get(site);
        if (entry.file !== null && found !== undefined) own++;
        clips.push(await withoutBackground(artifacts, family, entry, found ?? usual));
        report(clips.length / source.vectors.clips.length, entry.filename);
      }
      const { source: from, digest, note } = source.vectors.weights;
      const index: FeatureIndex = {
        ...{ feature: family.name, version: family.version, columns: [], clips },
        weights: { source: from, digest, note },
      };
      await writeFeatureIndex(artifacts, index, async () => ({}));
      const made = clips.filter(({ file }) => file !== null);
      await writeTable(join(artifacts, featureRowsPath(family.name)), {
        keys: made.map(({ filename }) => filename),
        columns: [],
      });
      await writeFileAtomic(
        join(artifacts, usualBackgroundPath(family.name)),
        `${canonicalJson({ usual: usual === undefined ? null : [...usual] })}\n`,
      );
      return {
        outputs: [featureIndexPath, featureRowsPath, usualBackgroundPath].map((path) => path(family.name)),
        summary: { clips: made.length, sites: ofSite.size, ofOwnSite: own, usual: made.length - own },
      };
    },
    async verify() {
      for (const entry of (await readFeatureIndex(artifacts, family.name)).clips) {
        if (!(await entryIsThere(artifacts, entry))) return `${entry.file ?? entry.filename} is gone or changed`;
      }
      return undefined;
    },
  };
}

/** Indexes of what a foreground is made of. */
interface Source {
  readonly vectors: FeatureIndex;
  readonly motion: ReadonlyMap<string, FeatureEntry>;
  readonly boxes: readonly ReadonlyMap<string, FeatureEntry>[];
}

async function openSource(artifacts: string, { of, motion, boxes }: BackgroundTakenOff): Promise<Source> {
  const entries = async (name: string) =>
    new Map((await readFeatureIndex(artifacts, name)).clips.map((entry) => [entry.filename, entry]));
  return {
    vectors: await readFeatureIndex(artifacts, of),
    motion: motion === undefined ? new Map() : await entries(motion),
    boxes: await Promise.all(boxes.map(entries)),
  };
}

/** Of each site with enough clips its background, and their mean; without such a site the usual one is that of clips from everywhere. */
async function backgrounds(
  { artifacts, dataset }: Training,
  source: Source,
  signal: AbortSignal,
): Promise<{ ofSite: ReadonlyMap<string, Float64Array>; usual: Float64Array | undefined }> {
  const entryOf = new Map(
    source.vectors.clips.flatMap((entry) => (entry.file === null ? [] : [[entry.filename, entry]])),
  );
  const clipsOf = new Map<string, FeatureEntry[]>();
  for (const { filename, site } of dataset.clips) {
    const entry = entryOf.get(filename);
    if (entry !== undefined && site !== undefined) clipsOf.set(site, [...(clipsOf.get(site) ?? []), entry]);
  }
  const made = async (entries: readonly FeatureEntry[]) => {
    signal.throwIfAborted();
    return backgroundOf(
      await Promise.all(backgroundClips(entries).map((entry) => clipVectors(artifacts, entry, source))),
    );
  };
  const ofSite = new Map<string, Float64Array>();
  for (const [site, entries] of clipsOf) {
    const found = entries.length < fewestClips ? undefined : await made(entries);
    if (found !== undefined) ofSite.set(site, found);
  }
  return { ofSite, usual: meanBackground([...ofSite.values()]) ?? (await made([...entryOf.values()])) };
}

async function clipVectors(artifacts: string, entry: FeatureEntry, source: Source): Promise<ClipVectors> {
  const read = async (of: FeatureEntry | undefined): Promise<Tensor | undefined> =>
    of?.file == null ? undefined : readTensorFile(join(artifacts, of.file));
  const vectors = await readTensorFile(join(artifacts, entry.file ?? ''));
  const boxes = await Promise.all(source.boxes.map((entries) => read(entries.get(entry.filename))));
  return {
    vectors,
    ...rowFacts(
      vectors.shape[0] ?? 0,
      await read(source.motion.get(entry.filename)),
      boxes.filter((own) => own !== undefined),
    ),
  };
}

async function withoutBackground(
  artifacts: string,
  { name, version }: ForegroundFamily,
  entry: FeatureEntry,
  background: Float64Array | undefined,
): Promise<FeatureEntry> {
  const key = digestOf({ of: entry.key, version, background: background === undefined ? null : [...background] });
  if (entry.file === null || background === undefined) {
    return { ...entry, key, file: null, sha256: null, bytes: 0, shape: null };
  }
  const file = featureTensorPath(name, entry.filename);
  const features = takeOff(await readTensorFile(join(artifacts, entry.file)), background);
  const { features: ref } = await writeTensorFile(join(artifacts, file), { features }, { clip: entry.filename, key });
  return { ...entry, key, file, sha256: ref.sha256, bytes: ref.bytes, shape: [...ref.shape] };
}
