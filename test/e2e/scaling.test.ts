import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { expect, inject, it } from 'vitest';

const sample = inject('trainedSample');

/** Runs the tool as people do; `npm test` builds it first. */
async function scaling(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(workspaceRoot(), 'tools/scaling/dist/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

it(
  'measures what a clip costs in each family of a bundle, and simulates a fleet with it',
  { timeout: 300_000 },
  async () => {
    await using folder = await temporaryFolder();
    const out = folder.join('measurements.json');
    const measured = await scaling(
      'measure',
      '--bundle',
      sample.bundle,
      '--clips',
      join(sample.dataset, 'clips'),
      '--limit',
      '2',
      '--rounds',
      '1',
      '--work',
      folder.join('work'),
      '--out',
      out,
    );
    expect(measured).toMatchObject({ status: 0, stdout: '' });
    const { parts, secondLevel, exchange, bus } = JSON.parse(await readFile(out, 'utf8')) as {
      parts: {
        name: string;
        pieces: { seconds: number; cpuSeconds: number; readBytes: number; writtenBytes: number }[];
      }[];
      secondLevel: { name: string }[];
      exchange: { parts: number; brokerCpuSeconds: number; traffic: Record<string, { messages: number }> };
      bus: { messagesPerSecond: number };
    };
    const manifest = JSON.parse(await readFile(join(sample.bundle, 'bundle.json'), 'utf8')) as {
      features: { family: string }[];
      nets: { family: string }[];
      stacks: { member: string }[];
    };
    expect(parts.map(({ name }) => name)).toEqual([
      'video-ingest',
      ...manifest.features.map(({ family }) => family),
      ...manifest.nets.map(({ family }) => family),
    ]);
    expect(secondLevel.map(({ name }) => name)).toEqual([...manifest.stacks.map(({ member }) => member), 'ensemble']);
    const piecesOf = (name: string) => parts.find((part) => part.name === name)?.pieces ?? [];
    for (const [i, hashed] of piecesOf('image-hash').entries()) {
      expect(hashed.cpuSeconds).toBeGreaterThan(0);
      // A net reads what was written for it.
      expect(piecesOf('net-imagehash-gru')[i]?.readBytes).toBe(hashed.writtenBytes);
    }
    // On a busy machine a try may run out of its time and be made again.
    for (const [kind, least] of Object.entries({
      requests: exchange.parts + 1,
      announcements: exchange.parts + 1,
      answersKept: 1,
      stateReads: 2,
    })) {
      expect(exchange.traffic[kind]?.messages).toBeGreaterThanOrEqual(least);
      expect(exchange.traffic[kind]?.messages).toBeLessThan(1.5 * least);
    }
    expect(bus.messagesPerSecond).toBeGreaterThan(100);

    const simulate = ['simulate', '--measurements', out, '--clips-per-day', '5000', '--card', '100'];
    const [first, again] = [await scaling(...simulate), await scaling(...simulate)];
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toContain('net-imagehash-gru');
    expect(again.stdout).toBe(first.stdout);
    expect(await scaling('simulate', '--clips-per-day', 'some')).toMatchObject({ status: 2, stdout: '' });
  },
);
