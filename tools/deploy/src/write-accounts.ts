import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withAtomicFile, writeFileAtomic } from '@primatrix/files';
import { readBundle } from '@primatrix/pipeline';
import { bundleParts, durableOf, joinerFamily, joinerReleaseOf } from '@primatrix/services';
import { accountsConf, passwordVariable } from './accounts-conf.ts';
import { brokerUsers, type ServedBundle } from './broker-users.ts';

export interface WriteAccountsOptions {
  /** Folders of all bundles that are served. */
  readonly bundles: readonly string[];
  /** Where tensors are kept in the NATS object store. */
  readonly objectBucket?: string | undefined;
  readonly folder: string;
}

/**
 * Writes `accounts.conf`, and `passwords.env` with a new password for each user that has none there yet.
 * @returns for people: what was written, and the queue of each service, by which it is scaled
 * @throws BundleError
 */
export async function writeAccounts({ bundles, objectBucket, folder }: WriteAccountsOptions): Promise<string> {
  const served: ServedBundle[] = [];
  for (const bundle of bundles) {
    const { manifest, digest } = await readBundle(bundle);
    served.push({ parts: bundleParts(manifest), joinerRelease: joinerReleaseOf(digest) });
  }
  const users = brokerUsers(served, objectBucket);
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, 'accounts.conf'), accountsConf(users));
  const passwords = join(folder, 'passwords.env');
  const before = await readFile(passwords, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = before.split('\n').filter((line) => line !== '');
  for (const name of [...users.map((user) => user.name), 'operator', 'system']) {
    const variable = passwordVariable(name);
    // It begins with a letter: the server would take digits for a number.
    if (!lines.some((line) => line.startsWith(`${variable}=`))) lines.push(`${variable}=p${randomBytes(24).toString('hex')}`);
  }
  await withAtomicFile(passwords, (path) => writeFile(path, `${lines.join('\n')}\n`, { mode: 0o600 }));
  const queues = served.flatMap(({ parts, joinerRelease }) => [{ stage: 'clips', family: joinerFamily, release: joinerRelease } as const, ...parts].map((part) => `${part.family}: ${durableOf(part)}`));
  return `${join(folder, 'accounts.conf')} and passwords.env: ${users.length} users\n${[...new Set(queues)].join('\n')}`;
}
