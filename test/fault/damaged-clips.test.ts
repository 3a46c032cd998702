import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { clipFaults, clipMetadataSchema } from '@primatrix/contracts';
import { readPredictions, type PredictionOutcome } from '@primatrix/dataset';
import { temporaryFolder } from '@primatrix/testkit';
import { encodeClip, ffmpegPath, writeWav } from '@primatrix/video';
import { expect, inject, it } from 'vitest';
import { CommandRunner } from '../support/command-runner.ts';
import { chanceOf, damagedBytes, damageSeed, pick } from '../support/damage.ts';
import { faultOf } from '../support/damage-verdict.ts';

const sample = inject('trainedSample');
const clips = 300;
/** How many of one folder are predicted by one command, within the time that one clip may take and some. */
const together = 15;

/** Pictures of a whole clip: damage takes some, and adds none. */
const pictures = 16;

/** One whole clip of each kind, a few kilobytes each. */
async function wholeClips(folder: string): Promise<Map<string, Buffer>> {
  const frames = Array.from({ length: pictures }, (_, t) =>
    Uint8Array.from({ length: 64 * 48 * 3 }, (__, i) => (i * 7 + t * 30 + (i % 64) * t) % 256),
  );
  const samples = Float32Array.from({ length: 8000 }, (_, i) => Math.sin(i / (3 + i / 4000)) / 2);
  const plain = { width: 64, height: 48, fps: 8, frames };
  await encodeClip({
    ...plain,
    out: join(folder, 'a.mp4'),
    audio: { samples, sampleRate: 8000 },
    creationTime: '2026-03-01T06:00:00Z',
  });
  await encodeClip({ ...plain, out: join(folder, 'b.avi'), audio: { samples, sampleRate: 8000 } });
  await writeWav(
    join(folder, 'c.wav'),
    Int16Array.from(samples, (sample) => 32_000 * sample),
    8000,
  );
  const from = ['-v', 'error', '-y', '-i', join(folder, 'a.mp4')];
  const convert = promisify(execFile);
  await convert(ffmpegPath(), [...from, '-frames:v', '1', join(folder, 'd.jpg')]);
  await convert(ffmpegPath(), [...from, '-frames:v', '1', join(folder, 'e.png')]);
  await convert(ffmpegPath(), [...from, '-c', 'copy', join(folder, 'f.mkv')]);
  await convert(ffmpegPath(), [...from, '-c:v', 'mjpeg', '-q:v', '5', '-c:a', 'pcm_s16le', join(folder, 'g.mov')]);
  const names = ['a.mp4', 'b.avi', 'c.wav', 'd.jpg', 'e.png', 'f.mkv', 'g.mov'];
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

const endings = ['.mp4', '.avi', '.wav', '.jpg', '.png', '.mkv', '.mov', '.MP4', '.mpg', '.ts'];

/** What is no clip whatever its name: noise, text, and words that would have a decoder open other files. */
function noClip(number: number): Buffer {
  const rng = chanceOf('noise', number);
  return pick(rng, [
    () => Buffer.from(Array.from({ length: 1 + rng.int(20_000) }, () => rng.int(256))),
    () => Buffer.alloc(rng.int(5000)),
    () => Buffer.from('filename,bird\na.mp4,1\n'.repeat(rng.int(100))),
    () => Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'),
    () => Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"),
    () => Buffer.from('v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n'),
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
  ])();
}

it(`gives each of ${clips} damaged clips a row`, { timeout: 600_000 }, async () => {
  process.stderr.write(`damaged-clips: PRIMATRIX_DAMAGE_SEED=${damageSeed}\n`);
  await using folder = await temporaryFolder('primatrix-damage-');
  await mkdir(folder.join('whole'));
  const whole = await wholeClips(folder.join('whole'));
  const noise = (number: number) => number % 6 === 5;
  const nameOf = (number: number) => {
    const rng = chanceOf('clip', number);
    const source = pick(rng, [...whole.keys()]);
    const ending = rng.int(5) === 0 || noise(number) ? pick(rng, endings) : source.slice(1);
    return { rng, source, name: `${number}${ending}` };
  };
  const groups = Array.from({ length: clips / together }, (_, i) => i);
  const faults: string[] = [];
  const statuses = new Set<string>();
  const work = async () => {
    // The first command opens the bundle, and a clip may take 30 s.
    await using runner = new CommandRunner({ limitMs: 60_000 });
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const place = folder.join(`group-${group}`);
      await mkdir(place);
      const numbers = Array.from({ length: together }, (_, i) => (group as number) * together + i);
      for (const number of numbers) {
        const { rng, source, name } = nameOf(number);
        const bytes = noise(number) ? noClip(number) : damagedBytes(whole.get(source) as Buffer, rng);
        await writeFile(join(place, name), bytes);
      }
      const wanted = numbers.map((number) => ({ name: nameOf(number).name, noise: noise(number) }));
      // Predicting takes several times as long as probing.
      const judge = group % 4 === 0 ? predicted : probed;
      const found = await judge(runner, place, wanted);
      faults.push(...found.faults.map((fault) => `group ${group}: ${fault}`));
      for (const status of found.statuses) statuses.add(status);
    }
  };
  await Promise.all([work(), work()]);
  expect(faults.join('\n'), `seed ${damageSeed}`).toBe('');
  // Of all this damage some spoils a clip, some a part of it, and some nothing that counts.
  expect([...statuses].sort()).toEqual(['degraded', 'failed', 'ok']);
});

interface Wanted {
  readonly name: string;
  /** It is no clip, whatever its name. */
  readonly noise: boolean;
}

interface Judged {
  readonly faults: string[];
  readonly statuses: readonly string[];
}

/** Every clip has one row; what is ok is so, and what is not says why. */
async function predicted(runner: CommandRunner, place: string, wanted: readonly Wanted[]): Promise<Judged> {
  const out = `${place}.csv`;
  const ended = await runner.run(['predict', place, '--bundle', sample.bundle, '--out', out], place);
  const broken = faultOf(ended);
  if (broken !== undefined) return { faults: [`${wanted.map(({ name }) => name).join(' ')}: ${broken}`], statuses: [] };
  const { filenames, classes, probabilities, outcomes = [] } = await readPredictions(out);
  const faults = missing(wanted, filenames);
  for (const [i, filename] of filenames.entries()) {
    const { status, fault, reason, framesDecoded, framesExpected } = outcomes[i] as PredictionOutcome;
    const row = [...probabilities.subarray(i * classes.length, (i + 1) * classes.length)];
    const told = `${filename}: ${status} ${fault} '${reason}' ${framesDecoded} of ${framesExpected}`;
    const isRight = status === 'failed' ? row.every(Number.isNaN) : row.every((p) => p >= 0 && p <= 1);
    if (!isRight) faults.push(`${told}: ${row.join(' ')}`);
    if (status === 'ok' && (framesDecoded ?? 0) < (framesExpected ?? 0)) faults.push(`${told}: not all of it`);
    if (status === 'ok' && (framesDecoded ?? 0) > pictures) faults.push(`${told}: more than there were`);
    if (status !== 'ok') faults.push(...withoutReason(told, fault, reason));
    if (isNoise(wanted, filename) && status !== 'failed') faults.push(`${told}: it is no clip`);
  }
  return { faults, statuses: outcomes.map(({ status }) => status) };
}

/** The same of what a clip is, without looking at all of it. */
async function probed(runner: CommandRunner, place: string, wanted: readonly Wanted[]): Promise<Judged> {
  const paths = wanted.map(({ name }) => join(place, name));
  const ended = await runner.run(['probe', '--json', ...paths], place);
  const broken = faultOf(ended);
  if (broken !== undefined) return { faults: [`${wanted.map(({ name }) => name).join(' ')}: ${broken}`], statuses: [] };
  const rows = JSON.parse(ended.stdout) as ProbedRow[];
  const faults = missing(
    wanted,
    rows.map(({ file }) => basename(file)),
  );
  for (const row of rows) {
    if (row.error !== undefined) faults.push(...withoutReason(row.file, row.error.fault, row.error.reason));
    else if (!clipMetadataSchema.safeParse(row).success) faults.push(`${row.file}: got ${JSON.stringify(row)}`);
    else if (isNoise(wanted, basename(row.file))) faults.push(`${row.file}: it is no clip, got ${JSON.stringify(row)}`);
  }
  return { faults, statuses: rows.map(({ error }) => (error === undefined ? 'ok' : 'failed')) };
}

interface ProbedRow {
  readonly file: string;
  readonly error?: { readonly fault: string; readonly reason: string };
}

function missing(wanted: readonly Wanted[], found: readonly string[]): string[] {
  const names = wanted.map(({ name }) => name).sort();
  return found.toSorted().join(' ') === names.join(' ')
    ? []
    : [`rows of ${found.join(' ')}, not of ${names.join(' ')}`];
}

function isNoise(wanted: readonly Wanted[], filename: string): boolean {
  return wanted.some(({ name, noise }) => name === filename && noise);
}

function withoutReason(told: string, fault: string | null, reason: string): string[] {
  const faults: string[] = [];
  if (reason === '' || !clipFaults.some((known) => known === fault)) faults.push(`${told}: it says no reason`);
  if (/etc\/passwd|root:x/.test(reason)) faults.push(`${told}: it looks elsewhere: ${reason}`);
  return faults;
}
