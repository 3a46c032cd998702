import { hostname } from 'node:os';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { lockProject } from './project-lock.ts';

// That one who was killed keeps nobody out is seen in test/browser/web.test.ts and test/services/gateway.test.ts, and
// what holds between processes in the tests of @primatrix/files.
it('lets one in at a time, whatever TMPDIR says, and names who is in', async () => {
  await using folder = await temporaryFolder();
  await using other = await temporaryFolder();
  const lock = await lockProject(folder.path);
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = other.path;
  try {
    await expect(lockProject(folder.path)).rejects.toMatchObject({
      code: 'PROJECT_IN_USE',
      message: expect.stringContaining(`serve --ui, process ${process.pid} on ${hostname()}, since 20`) as string,
    });
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  }
  await using _other = await lockProject(other.path);
  await lock[Symbol.asyncDispose]();
  await using _again = await lockProject(folder.path);
});
