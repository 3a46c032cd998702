import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { VideoToolError } from './errors.ts';
import { ffmpegPath, ffprobePath, oldDecoderWarning, tools } from './tools.ts';

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

it.skipIf(process.platform === 'win32')('prefers a system ffmpeg of version 6 to an older one before it', async () => {
  await using folder = await temporaryFolder();
  const put = async (place: string, version: string, avcodec: number): Promise<string> => {
    const path = folder.join(place);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\necho "ffmpeg version ${version}"\necho "libavcodec     ${avcodec}. 1.100"\n`);
    await chmod(path, 0o755);
    return path;
  };
  const [four, five, six] = [
    await put('old/ffmpeg', '4.4', 58),
    await put('debian/ffmpeg', '5.1.9', 59),
    await put('new/ffmpeg', '7.1', 61),
  ];
  vi.stubEnv('FFMPEG_PATH', undefined);
  const choiceOf = async (...folders: string[]) => {
    vi.stubEnv('PATH', folders.map((name) => folder.join(name)).join(':'));
    return [ffmpegPath(), await oldDecoderWarning()];
  };
  // Scripts need a shell, which is named by its whole path.
  expect(await choiceOf('old', 'debian', 'new')).toEqual([six, null]);
  expect(await choiceOf('debian', 'old')).toEqual([five, null]);
  const [path, warning] = await choiceOf('old', 'debian');
  expect(path).toBe(four);
  expect(warning).toMatch(/old ffmpeg \(the system's, 4\.4\).*no security fixes: install a newer one/);
  expect((await choiceOf('nowhere'))[1]).toMatch(/npm's/);
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
