import { createHash } from 'node:crypto';
import { UsageError } from '@primatrix/contracts';
import type { Announcement } from '@primatrix/messaging';
import semver from 'semver';
import type { BundlePart } from './bundle-parts.ts';

/** A share of the clips that goes to another version of one part. */
export interface Canary {
  /** Name of the part. */
  readonly part: string;
  /** Range of semantic versions. */
  readonly range: string;
  /** 0 to 1. */
  readonly share: number;
}

/**
 * Reads `<part>@<range>=<share>`, as `net-vgg16-gru@1.4.0=0.1`.
 * @throws UsageError CANARY
 */
export function readCanary(text: string): Canary {
  const match = /^([a-z0-9-]+)@([^=]+)=(0?\.\d+|0|1(?:\.0+)?)$/.exec(text);
  const [part = '', range = '', share = ''] = match?.slice(1) ?? [];
  if (match === null || semver.validRange(range) === null) {
    throw new UsageError(
      'CANARY',
      `services: a canary must read <part>@<versions>=<share from 0 to 1>, got '${text}'`,
      { hint: 'for example net-vgg16-gru@1.4.0=0.1' },
    );
  }
  return { part, range, share: Number(share) };
}

/** The ranges that hold for a clip: what its request pins, and else the canaries whose share it falls into, the same each time. */
export function rangesFor(
  clipId: string,
  pinned: Readonly<Record<string, string>>,
  canaries: readonly Canary[],
): Record<string, string> {
  const chosen = canaries.filter(({ part, share }) => fraction(`${part} ${clipId}`) < share);
  return { ...Object.fromEntries(chosen.map(({ part, range }) => [part, range])), ...pinned };
}

/**
 * The release that is asked, by part: the bundle's own where its version is in the range, else the newest that is
 * announced, is in the range and can stand in for it.
 * @param announced asked for only where the bundle's own releases do not do
 * @returns also the parts of which no release does
 */
export async function chooseReleases(
  parts: readonly BundlePart[],
  ranges: Readonly<Record<string, string>>,
  announced: () => Promise<readonly Announcement[]>,
): Promise<{ releases: Record<string, string>; none: string[] }> {
  const releases: Record<string, string> = {};
  const none: string[] = [];
  for (const { name, version, release, contract } of parts) {
    const range = ranges[name];
    if (range === undefined || semver.satisfies(version, range)) {
      releases[name] = release;
      continue;
    }
    const others = (await announced()).filter(
      (other) => other.metadata['contract'] === contract && semver.satisfies(other.version, range),
    );
    const newest = others.sort((a, b) => semver.rcompare(a.version, b.version))[0]?.metadata['release'];
    if (newest === undefined) none.push(name);
    else releases[name] = newest;
  }
  return { releases, none };
}

/** @throws UsageError VERSION_RANGE naming a part that is none, or a range that is none */
export function checkRanges(parts: readonly BundlePart[], ranges: Readonly<Record<string, string>>): void {
  for (const [name, range] of Object.entries(ranges)) {
    if (!parts.some((part) => part.name === name)) {
      throw new UsageError('VERSION_RANGE', `services: the bundle has no part '${name}'`, {
        hint: `parts: ${parts.map((part) => part.name).join(', ')}`,
      });
    }
    if (semver.validRange(range) === null) {
      throw new UsageError(
        'VERSION_RANGE',
        `services: the versions of ${name} must be a range as npm's, got '${range}'`,
      );
    }
  }
}

/** A number in [0, 1) that depends on the text alone. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
