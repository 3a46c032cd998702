import { cp, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { encodeClip } from '@primatrix/video';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { CommandRunner, type Ended } from '../support/command-runner.ts';
import { chanceOf, damagedBytes, damagedJson, damageSeed, pick } from '../support/damage.ts';
import { faultOf } from '../support/damage-verdict.ts';

const sample = inject('trainedSample');
const manifests = 90;
const files = 30;

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('primatrix-damage-');
  const frames = Array.from({ length: 12 }, (_, t) => new Uint8Array(32 * 32 * 3).fill(20 * t));
  await encodeClip({ out: folder.join('clip.mp4'), width: 32, height: 32, fps: 12, frames });
  process.stderr.write(`damaged-bundles: PRIMATRIX_DAMAGE_SEED=${damageSeed}\n`);
});
afterAll(() => folder.remove());

/** A copy of the bundle that shares its files, which nobody writes to. */
async function copyOfBundle(name: string): Promise<string> {
  const copy = folder.join(name);
  for (const entry of await readdir(sample.bundle, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const [from, to] = [
      join(entry.parentPath, entry.name),
      join(copy, entry.parentPath.slice(sample.bundle.length), entry.name),
    ];
    await mkdir(dirname(to), { recursive: true });
    await link(from, to).catch(() => cp(from, to));
  }
  return copy;
}

/** Overwrites what is shared by a file of its own. */
async function replace(path: string, bytes: Buffer): Promise<void> {
  await rm(path);
  await writeFile(path, bytes);
}

const inspect = (bundle: string) => ['inspect', folder.join('clip.mp4'), '--bundle', bundle, '--json'];

/** What an accepted bundle must not give: anything but probabilities. */
function wrongNumbers({ status, stdout }: Ended): string | undefined {
  if (status !== 0) return undefined;
  const { final } = JSON.parse(stdout) as { final: { probability: number }[] | null };
  const all = (final ?? []).map(({ probability }) => probability);
  return all.length > 0 && all.every((p) => p >= 0 && p <= 1)
    ? undefined
    : `it gives ok for garbage: ${JSON.stringify(final)}`;
}

async function judged(count: number, judge: (number: number, runner: CommandRunner) => Promise<string | undefined>) {
  let next = 0;
  const faults: string[] = [];
  const work = async () => {
    await using runner = new CommandRunner({ limitMs: 30_000 });
    for (let number = next++; number < count; number = next++) {
      const fault = await judge(number, runner);
      if (fault !== undefined) faults.push(`${number}: ${fault}`);
    }
  };
  await Promise.all([work(), work()]);
  return faults.join('\n\n');
}

it(`predicts with, or refuses, ${manifests} bundles whose manifest was damaged`, { timeout: 600_000 }, async () => {
  const text = await readFile(join(sample.bundle, 'bundle.json'), 'utf8');
  const faults = await judged(manifests, async (number, runner) => {
    const bundle = await copyOfBundle(`manifest-${number}`);
    const damaged = damagedJson(text, chanceOf('manifest', number));
    await replace(join(bundle, 'bundle.json'), damaged);
    const args = number % 3 === 0 ? ['bundle', bundle, '--without-after', '5'] : inspect(bundle);
    const ended = await runner.run(args, folder.path);
    await rm(bundle, { recursive: true });
    return faultOf(ended) ?? (number % 3 === 0 ? undefined : wrongNumbers(ended));
  });
  expect(faults, `seed ${damageSeed}`).toBe('');
});

it(`refuses ${files} bundles one of whose files was damaged`, { timeout: 600_000 }, async () => {
  const names = (await readdir(sample.bundle, { recursive: true }))
    .filter((name) => /\.\w+$/.test(name) && name !== 'bundle.json')
    .sort();
  const faults = await judged(files, async (number, runner) => {
    const rng = chanceOf('file', number);
    const bundle = await copyOfBundle(`file-${number}`);
    const path = join(bundle, pick(rng, names));
    const whole = await readFile(path);
    const damaged = damagedBytes(whole, rng);
    await replace(path, damaged);
    const ended = await runner.run(inspect(bundle), folder.path);
    await rm(bundle, { recursive: true });
    if (damaged.equals(whole)) return undefined;
    return (
      faultOf(ended) ??
      (ended.status === 2 && ended.stderr.includes('[BUNDLE_DAMAGED]')
        ? undefined
        : `it takes a file that was changed: ${ended.stderr}`)
    );
  });
  expect(faults, `seed ${damageSeed}`).toBe('');
});
