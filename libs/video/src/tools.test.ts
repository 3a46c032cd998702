import { chmod, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { VideoToolError } from './errors.ts';
import { ffmpegPath, ffprobePath, tools } from './tools.ts';

afterEach(() => vi.unstubAllEnvs());

it('takes the tool that the environment names', async () => {
  await using folder = await temporaryFolder();
  const fake = folder.join('fake');
  await writeFile(fake, '#!/bin/sh\necho "ffmpeg version 3.9-test"\necho "libavcodec     57. 1.100"\n');
  await chmod(fake, 0o755);
  vi.stubEnv('FFMPEG_PATH', fake);
  expect(ffmpegPath()).toBe(fake);
  const [ffmpeg] = await tools();
  expect(ffmpeg).toMatchObject({ path: fake, origin: 'environment', version: '3.9-test' });
  expect(ffmpeg.warning).toContain('older than 5.0');
});

it('refuses a named tool that cannot be run, rather than taking another', () => {
  vi.stubEnv('FFPROBE_PATH', '/no/such/ffprobe');
  expect(() => ffprobePath()).toThrow(VideoToolError);
});

it.skipIf(process.platform === 'win32')("takes the first tool on PATH, and npm's where there is none", async () => {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('ffmpeg'), '#!/bin/sh\n');
  vi.stubEnv('FFMPEG_PATH', undefined);
  vi.stubEnv('FFPROBE_PATH', undefined);
  vi.stubEnv('PATH', folder.path);
  expect(ffmpegPath()).toContain('@ffmpeg-installer'); // the file on PATH is not executable yet
  await chmod(folder.join('ffmpeg'), 0o755);
  vi.stubEnv('PATH', `/no/such/folder:${folder.path}`);
  expect(ffmpegPath()).toBe(folder.join('ffmpeg'));
  expect((await tools())[1]).toMatchObject({ origin: 'npm', name: 'ffprobe' });
});
