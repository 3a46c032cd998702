import type { LatePolicy, PolicyOwner } from '@primatrix/contracts';
import { UsageError } from '@primatrix/contracts';
import type { BundlePart } from '../parts/bundle-parts.ts';

/** What holds for a clip's families, since when (milliseconds since 1970), and who says so. */
export interface ClipPolicy extends LatePolicy {
  readonly by: PolicyOwner;
  readonly since: number;
}

/** The moment from which a clip is predicted without a part, milliseconds since 1970; null: it is waited for. */
export function deadlineOf(policy: ClipPolicy, part: string): number | null {
  const limit = Object.hasOwn(policy.parts, part) ? (policy.parts[part] ?? null) : policy.withoutAfterMs;
  return limit === null ? null : policy.since + limit;
}

/**
 * Checks that a policy speaks of parts that the bundle has and that a clip can be predicted without: features and
 * nets.
 * @throws UsageError LATE_POLICY naming a part that is none of the first level
 */
export function checkPolicy(parts: readonly BundlePart[], policy: LatePolicy | null): void {
  const names = parts.filter(({ stage }) => stage === 'features' || stage === 'nets').map(({ name }) => name);
  const unknown = Object.keys(policy?.parts ?? {}).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      'LATE_POLICY',
      `services: the bundle has no features and no net '${unknown}' that a clip can be predicted without`,
      { hint: `parts: ${names.join(', ')}` },
    );
  }
}
