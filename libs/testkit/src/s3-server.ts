import S3rver from '@20minutes/s3rver';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** An S3-compatible server with one bucket, on a free port and a folder of its own. */
export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
  /** What lets one in: the server's own, fixed credentials. */
  readonly access: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The environment that names it. */
  readonly env: Readonly<Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_ENDPOINT_URL', string>>;
}

/** Starts a server that forgets all when it is disposed of. */
export async function startS3Server(bucket: string): Promise<S3Server> {
  const folder = await temporaryFolder('primatrix-s3-');
  const port = await freePort();
  const server = new S3rver({
    address: '127.0.0.1',
    port,
    silent: true,
    directory: folder.path,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    access: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    env: { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER', AWS_ENDPOINT_URL: endpoint },
    async [Symbol.asyncDispose]() {
      await server.close();
      await folder.remove();
    },
  };
}
