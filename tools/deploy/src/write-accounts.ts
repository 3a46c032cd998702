import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, withAtomicFile, writeFileAtomic } from '@primatrix/files';
import { readBundle } from '@primatrix/prediction';
import { bundleParts, joinerReleaseOf } from '@primatrix/services';
import { accountsConf, passwordVariable } from './accounts-conf.ts';
import { brokerUsers, type ServedBundle } from './broker-users.ts';
import { scaledQueues } from './scaled-queues.ts';

export interface WriteAccountsOptions {
  /** Folders of all bundles that are served. */
  readonly bundles: readonly string[];
  /** Where tensors are kept in the NATS object store. */
  readonly objectBucket?: string | undefined;
  /** Release of the trainers; absent: there are none. */
  readonly trainers?: string | undefined;
  readonly folder: string;
}

/**
 * Writes `accounts.conf`, `passwords.env` with a new password for each user that has none there yet and the token of the
 * gateway's pages, and for each bundle `queues-<digest>.json`: values for the chart that name the queues by which its services
 * are scaled.
 * @returns for people: what was written
 * @throws BundleError
 */
export async function writeAccounts({
  bundles,
  objectBucket,
  trainers,
  folder,
}: WriteAccountsOptions): Promise<string> {
  const served: ServedBundle[] = [];
  const queues: string[] = [];
  await makeFolder(folder);
  for (const bundle of bundles) {
    const { manifest, digest } = await readBundle(bundle);
    const one = { parts: bundleParts(manifest), joinerRelease: joinerReleaseOf(digest) };
    served.push(one);
    const file = join(folder, `queues-${digest.slice(0, 12)}.json`);
    await writeFileAtomic(file, `${JSON.stringify({ queues: scaledQueues(one) }, null, 2)}\n`);
    queues.push(`${file}: the queues of ${bundle}`);
  }
  const users = brokerUsers(served, objectBucket, trainers);
  await writeFileAtomic(join(folder, 'accounts.conf'), accountsConf(users));
  const passwords = join(folder, 'passwords.env');
  const before = await readFile(passwords, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = before.split('\n').filter((line) => line !== '');
  for (const variable of [
    ...[...users.map((user) => user.name), 'operator', 'system'].map(passwordVariable),
    'PRIMATRIX_TOKEN',
  ]) {
    // It begins with a letter: the server would take digits for a number.
    if (!lines.some((line) => line.startsWith(`${variable}=`))) {
      lines.push(`${variable}=p${randomBytes(24).toString('hex')}`);
    }
  }
  await withAtomicFile(passwords, (path) => writeFile(path, `${lines.join('\n')}\n`, { mode: 0o600 }));
  return `${join(folder, 'accounts.conf')} and passwords.env: ${users.length} users\n${queues.join('\n')}`;
}
