import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Registry } from '../start-registry.ts';

const run = promisify(execFile);

/**
 * Publishes a package's folder as it lies there, as `npm publish` does but ten times as quickly: what an installation
 * needs of others is a hundred and more packages.
 * @param scratch folder for the archive
 */
export async function publishFolder(registry: Registry, folder: string, scratch: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const { name, version } = manifest;
  const file = `${basename(name)}-${version}.tgz`;
  const archive = join(scratch, `${name.replaceAll('/', '+')}-${version}.tgz`);
  const own = basename(folder);
  await run('tar', [
    ...['--create', '--file', archive, '--use-compress-program', 'gzip -1'],
    ...['--exclude', `${own}/node_modules`, '--transform', `s,^${own},package,`, '--directory', dirname(folder), own],
  ]);
  const bytes = await readFile(archive);
  await rm(archive);
  const hash = (name: string) => createHash(name).update(bytes);
  const dist = {
    integrity: `sha512-${hash('sha512').digest('base64')}`,
    shasum: hash('sha1').digest('hex'),
    tarball: `${registry.url}${name}/-/${file}`,
  };
  const token = /_authToken=(.*)/.exec(registry.npmrc)?.[1] ?? '';
  const answer = await fetch(registry.url + name.replace('/', '%2f'), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      _id: name,
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
      _attachments: {
        [file]: { content_type: 'application/octet-stream', data: bytes.toString('base64'), length: bytes.length },
      },
    }),
  });
  if (!answer.ok) throw new Error(`${name} ${version}: ${answer.status} ${await answer.text()}`);
}
