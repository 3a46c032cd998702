import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, natsServerAvailable, temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { inject, it } from 'vitest';
import { copyWorkspace } from '../support/copied-workspace.ts';
import { followPage } from '../support/follow-page.ts';

const sample = inject('trainedSample');

it('adding a net', async () => {
  // Who adds a net has built the workspace, and need not build it again.
  await using copy = await copyWorkspace({ built: true });
  await cp(sample.dataset, join(copy.path, 'data/sample'), { recursive: true });
  await cp(sample.artifacts, join(copy.path, 'artifacts/sample'), { recursive: true });
  const npm = [
    // npm install would ask a registry; what it is wanted for here is one link.
    'if [ "$1" = install ]; then ln -s ../../apps/families/nets/net-pooled node_modules/@primatrix/net-pooled; exit ' +
      '0; fi',
    `PATH=\${PATH#*:} exec npm "$@"`,
  ].join('\n');
  // The installed links lead to the workspace that was copied.
  const npx = `if [ "$1" = primatrix ]; then shift; exec node "${copy.path}/apps/primatrix/bin/primatrix.js" "$@"; fi\nexec "$@"`;
  const env = {
    NX_DAEMON: 'false',
    NX_CACHE_DIRECTORY: join(copy.path, '.nx/cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(copy.path, '.nx/workspace-data'),
  };
  await followPage('docs/add-a-net.md', { folder: copy.path, programs: { npm, npx }, env });
}, 900_000);

it.skipIf(!natsServerAvailable())(
  'deploying one service',
  async () => {
    await using folder = await temporaryFolder('primatrix-docs-');
    await cp(sample.dataset, folder.join('data/sample'), { recursive: true });
    await cp(sample.artifacts, folder.join('artifacts/sample'), { recursive: true });
    for (const name of ['clip_0001.mp4', 'clip_0002.mp4']) {
      await cp(join(sample.dataset, 'clips', name), folder.join('my-clips', name));
    }
    for (const name of ['infra', 'tools']) await symlink(join(workspaceRoot(), name), folder.join(name));
    const port = await freePort();
    await followPage('docs/deploy-one-service.md', {
      folder: folder.path,
      programs: { 'nats-server': `PATH=\${PATH#*:} exec nats-server "$@" -p ${port}` },
      instead: [['nats://127.0.0.1:4222', `nats://127.0.0.1:${port}`]],
    });
  },
  900_000,
);
