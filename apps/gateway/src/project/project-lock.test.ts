import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { lockProject } from './project-lock.ts';

// That one who was killed keeps nobody out is seen in test/browser/web.test.ts and test/services/gateway.test.ts.
it('lets one in at a time', async () => {
  await using folder = await temporaryFolder();
  await using other = await temporaryFolder();
  const lock = await lockProject(folder.path);
  await expect(lockProject(folder.path)).rejects.toMatchObject({ code: 'PROJECT_IN_USE' });
  await using _other = await lockProject(other.path);
  await lock[Symbol.asyncDispose]();
  await using _again = await lockProject(folder.path);
});
