/** Last days of Node's releases, as its project has set them; of others nothing is known. */
const lastDays: ReadonlyMap<number, string> = new Map([
  [20, '2026-04-30'],
  [21, '2024-06-01'],
  [22, '2027-04-30'],
  [23, '2025-06-01'],
  [24, '2028-04-30'],
  [25, '2026-06-01'],
]);

/** What is to be said of a version of Node. */
export interface NodeRelease {
  readonly state: 'ok' | 'warning' | 'missing';
  /** What to do; empty where all is well. */
  readonly advice: string;
}

/**
 * Whether a version of Node runs Primatrix, and whether it is still mended by its makers.
 * @param version as `process.versions.node` has it
 * @param today `YYYY-MM-DD`
 */
export function nodeRelease(version: string, today: string): NodeRelease {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) return { state: 'missing', advice: 'install Node 22 or 24' };
  const last = lastDays.get(major);
  if (last === undefined || today <= last) return { state: 'ok', advice: '' };
  return {
    state: 'warning',
    advice: `it works here, but Node ${major} had its last release before ${last}, and gets no security fixes: install Node 22 or 24`,
  };
}
