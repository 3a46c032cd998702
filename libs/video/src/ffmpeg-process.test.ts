import { chmod, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { fileUrl, standardInput, standardOutput, startTool, type ReadableTool } from './ffmpeg-process.ts';
import { defaultClipLimits, type ClipLimits } from './limits.ts';

let folder: TemporaryFolder;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());
afterEach(() => vi.unstubAllEnvs());

async function startScript(
  script: string,
  limits: Partial<ClipLimits> = {},
  signal?: AbortSignal,
): Promise<ReadableTool> {
  const path = folder.join(`tool-${Math.abs(script.length)}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  vi.stubEnv('FFMPEG_PATH', path);
  const running = startTool({
    tool: 'ffmpeg',
    inputs: [{ url: 'file:x y' }],
    outputOptions: ['-vf', 'scale=2:2'],
    output: standardOutput,
    limits: { ...defaultClipLimits, ...limits },
    signal,
  });
  running.stdout.resume();
  return running;
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === 'win32')('startTool', () => {
  it('passes every argument as it is, also those with spaces', async () => {
    const running = await startScript('printf "%s\\n" "$@"');
    let text = '';
    running.stdout.on('data', (chunk: Buffer) => (text += String(chunk)));
    await running.exit;
    const args = text.split('\n');
    expect(args).toContain('-nostdin');
    expect(args.slice(args.indexOf('-i'), -1)).toEqual(['-i', 'file:x y', '-vf', 'scale=2:2', 'pipe:1']);
    expect(args[args.indexOf('-protocol_whitelist') + 1]).toBe('file,pipe');
  });

  it('reports exit code and error lines without throwing', async () => {
    const exit = await (await startScript('echo one >&2; echo two >&2; exit 3')).exit;
    expect(exit).toMatchObject({ code: 3, killedBy: null, timedOut: false, errors: ['one', 'two'], errorLines: 2 });
  });

  it('kills the process on abort and leaves no zombie', async () => {
    const controller = new AbortController();
    const pidFile = folder.join('pid');
    const running = await startScript(`echo $$ > '${pidFile}'; exec sleep 600`, {}, controller.signal);
    await vi.waitFor(async () => expect(isAlive(Number(await readFile(pidFile, 'utf8')))).toBe(true), 5000);
    controller.abort();
    expect((await running.exit).killedBy).toBe('SIGKILL');
    expect(isAlive(Number(await readFile(pidFile, 'utf8')))).toBe(false);
  });

  it('kills what it has not started yet', async () => {
    const running = await startScript('exec sleep 600');
    running.kill();
    expect(await running.exit).toMatchObject({ code: null, killedBy: 'SIGKILL' });
  });

  it('starts nothing when it is aborted already', async () => {
    await expect(startScript('exit 0', {}, AbortSignal.abort(new Error('no more')))).rejects.toThrow('no more');
  });

  it('kills the process at the wall time limit', async () => {
    expect(await (await startScript('exec sleep 600', { maxWallSeconds: 0.05 })).exit).toMatchObject({
      timedOut: true,
    });
  });

  it.runIf(process.platform === 'linux')('limits the memory of the process', async () => {
    const exit = await (await startScript('ulimit -v >&2', { maxMemoryBytes: 512 << 20 })).exit;
    expect(exit.errors).toEqual([String(512 << 10)]);
  });

  it('does not choke on endless error output', async () => {
    const exit = await (await startScript('i=0; while [ $i -lt 3000 ]; do echo "line $i" >&2; i=$((i+1)); done')).exit;
    expect(exit.errors).toHaveLength(500);
    expect(exit.errorLines).toBe(3000);
  });

  it('outlives a process that closes its input early', async () => {
    vi.stubEnv('FFMPEG_PATH', '/bin/true');
    const running = startTool({
      tool: 'ffmpeg',
      inputs: [{ url: standardInput }],
      outputOptions: [],
      output: standardOutput,
      limits: defaultClipLimits,
    });
    running.stdout.resume();
    await running.exit;
    running.stdin?.write(Buffer.alloc(1 << 20));
    await wait(20);
    expect((await running.exit).code).toBe(0);
  });
});

it('makes URLs that no name can turn into an option or a protocol', () => {
  expect(fileUrl('/a b/-x:y.mp4')).toBe('file:/a b/-x:y.mp4');
  expect(fileUrl('-x.mp4')).toMatch(/^file:.*-x\.mp4$/);
});
