import { join } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { describeHolder, takeLock } from '@primatrix/files';
import { projectFolder } from './review-project.ts';

/**
 * Keeps a project to one program at a time: two would write into the same logs. The lock lies in the project, so that
 * programs find it whatever else they have of their own: a folder for temporary files, a container, a machine.
 * @param project folder of the project; made where it is not there
 * @throws UsageError PROJECT_IN_USE
 */
export async function lockProject(project: string): Promise<AsyncDisposable> {
  const folder = join(project, projectFolder);
  const lock = await takeLock(join(folder, '.lock'), 'serve --ui');
  if (lock.held) return lock;
  throw new UsageError(
    'PROJECT_IN_USE',
    `gateway: the project in ${folder} is open in another program: ${describeHolder(lock.holder)}`,
    { hint: 'stop that one first (Ctrl-C), or name another folder with --project' },
  );
}
