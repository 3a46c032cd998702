import type { FeatureExtractor } from '@primatrix/families';
import { stampOf } from '@primatrix/files';
import { extractFile } from '../extraction/extract-file.ts';
import type { InputFile } from '../inputs/list-inputs.ts';
import { clipsAtOnce } from '../work/clips-at-once.ts';
import { forEachConcurrently } from '../work/concurrency.ts';
import { familiesBehind } from './background-family.ts';
import type { Foreground } from './foreground.ts';
import { backgroundClips, fewestClips, type ClipVectors } from './site-background.ts';

/** What a survey of sites came to. */
export interface SurveyedFiles {
  /** The files, each with a stamp that is another where its site's background is. */
  readonly files: readonly InputFile[];
  /** How many of them are of no site with a background of its own: the usual one is taken off them. */
  readonly usual: number;
}

/**
 * Lets foregrounds see what each site looks like: some of its clips, of those that are to be predicted. Sites with too few are passed over,
 * and clips that cannot be read say nothing.
 */
export async function surveySites(
  files: readonly InputFile[],
  {
    foregrounds,
    extractors,
    signal,
    onClip,
  }: {
    readonly foregrounds: readonly Foreground[];
    readonly extractors: ReadonlyMap<string, FeatureExtractor>;
    readonly signal: AbortSignal;
    readonly onClip?: ((file: InputFile) => void) | undefined;
  },
): Promise<SurveyedFiles> {
  const needed = new Set(foregrounds.flatMap(({ part }) => familiesBehind(part)));
  const looking = new Map([...extractors].filter(([name]) => needed.has(name)));
  for (const [site, own] of bySite(files)) {
    if (own.length < fewestClips) continue;
    const chosen = backgroundClips(own);
    const seen: (ClipVectors | undefined)[][] = [];
    await forEachConcurrently([...chosen.entries()], clipsAtOnce(), signal, async ([i, file]) => {
      const { features } = await extractFile(file, looking, signal);
      seen[i] = foregrounds.map((foreground) => foreground.vectorsOf(features));
      onClip?.(file);
    });
    foregrounds.forEach((foreground, i) => {
      foreground.learn(
        site,
        seen.flatMap((clip) => clip[i] ?? []),
      );
    });
  }
  const marks = new Map<string | undefined, string>();
  for (const { site } of files) {
    if (!marks.has(site)) marks.set(site, foregrounds.map((foreground) => foreground.digestAt(site)).join(' '));
  }
  return {
    files: await Promise.all(
      files.map(async (file) => ({
        ...file,
        stamp: `${file.stamp ?? (await stampOf(file.path))} ${marks.get(file.site)}`,
      })),
    ),
    usual: files.filter(({ site }) => !foregrounds.every((foreground) => foreground.knows(site))).length,
  };
}

function bySite(files: readonly InputFile[]): Map<string, InputFile[]> {
  const found = new Map<string, InputFile[]>();
  for (const file of files) {
    if (file.site !== undefined) found.set(file.site, [...(found.get(file.site) ?? []), file]);
  }
  return found;
}
