import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { natsServerAvailable, startNatsServer, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { accountsConf } from './accounts-conf.ts';
import { passwordOf, passwords, secured, users } from './broker-accounts.fixture.ts';

const run = promisify(execFile);

describe.skipIf(!natsServerAvailable())('a broker with TLS', () => {
  it('is spoken to by who trusts its authority and has the password, and by nobody else', async () => {
    await using folder = await temporaryFolder('primatrix-tls-');
    const openssl = (...args: string[]) => run('openssl', args, { cwd: folder.path });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    // A throwaway authority, for this test alone.
    await openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-days',
      '2',
      '-subj',
      '/CN=throwaway authority',
    );
    await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
    await writeFile(join(folder.path, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost');
    await openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      'server.crt',
      '-days',
      '2',
      '-extfile',
      'names',
    );
    await writeFile(join(folder.path, 'accounts.conf'), accountsConf(users));
    await writeFile(
      join(folder.path, 'secured.conf'),
      (await readFile(secured, 'utf8'))
        .replaceAll('/etc/nats', folder.path)
        .replace('/data', `${folder.path}/data`)
        .replace(/^http:.*$/m, ''),
    );
    await using server = await startNatsServer({ file: join(folder.path, 'secured.conf'), env: passwords });

    // As services do it: the authority comes with the environment, which Node reads when it starts.
    const script =
      "import { JetStreamBus } from '@primatrix/messaging'; const bus = await " +
      'JetStreamBus.connect(process.env.NATS_URL); process.stdout.write(bus.connection.info.tls_required ? ' +
      "'encrypted' : 'open'); await bus.close();";
    const joins = (password: string, env: NodeJS.ProcessEnv) =>
      run(process.execPath, ['--input-type=module', '-e', script], {
        cwd: import.meta.dirname,
        env: { ...process.env, NATS_URL: `nats://joiner:${password}@127.0.0.1:${server.port}`, ...env },
      });
    const trusting = { NODE_EXTRA_CA_CERTS: join(folder.path, 'ca.crt') };
    expect((await joins(passwordOf('joiner'), trusting)).stdout).toBe('encrypted');
    await expect(joins(passwordOf('joiner'), {})).rejects.toThrow(/certificate/);
    await expect(joins(passwordOf('net-one'), trusting)).rejects.toThrow(/BUS_REFUSED/);
  });
});
