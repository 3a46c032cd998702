import { AwsClient } from 'aws4fetch';
import type { Blobs } from './blobs.ts';
import { TensorError } from './tensor-error.ts';
import type { TensorOrigin } from './tensor-error.ts';

/** Where an S3-compatible server is and how it lets us in. */
export interface S3Place {
  /** `https://s3.<region>.amazonaws.com`, or another server's address. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Folder within the bucket; empty for none. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** One try; the client repeats what a busy server refuses (429, 5xx). */
const timeoutMs = 60_000;
const retries = 5;

/** Files as objects of S3-compatible storage, addressed by path (`<endpoint>/<bucket>/<key>`). */
export function s3Blobs({ endpoint, bucket, prefix, ...access }: S3Place): Blobs {
  const client = new AwsClient({ ...access, service: 's3', retries });
  const keyOf = (path: string) => [...prefix.split('/'), ...path.split('/')].filter((part) => part !== '').map(encodePart).join('/');
  const urlOf = (path: string) => `${endpoint.replace(/\/+$/, '')}/${encodePart(bucket)}/${keyOf(path)}`;
  const request = async (path: string, origin: TensorOrigin, init: RequestInit): Promise<Response> => {
    try {
      return await client.fetch(urlOf(path), { ...init, signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      throw ioError(`no answer from ${endpoint}`, origin, error);
    }
  };
  return {
    scheme: 's3',
    nameOf: (path) => `s3://${bucket}/${[prefix, path].filter((part) => part !== '').join('/')}`,
    async write(path, parts, { sha256, bytes }, origin) {
      // Signed with the content's digest: the server refuses what was changed on the way.
      const answer = await request(path, origin, { method: 'PUT', body: new Blob(parts as Uint8Array<ArrayBuffer>[]), headers: { 'X-Amz-Content-Sha256': sha256, 'Content-Length': String(bytes) } });
      const text = await answer.text();
      if (!answer.ok) throw refused('written', answer, text, origin);
    },
    async read(path, check, origin) {
      const answer = await request(path, origin, { method: 'GET' });
      if (answer.status === 404) throw missing(await answer.text(), origin);
      if (!answer.ok) throw refused('read', answer, await answer.text(), origin);
      try {
        check(Number(answer.headers.get('Content-Length')));
      } catch (error) {
        await answer.body?.cancel();
        throw error;
      }
      try {
        return new Uint8Array(await answer.arrayBuffer());
      } catch (error) {
        throw ioError('the connection broke off', origin, error);
      }
    },
    async size(path) {
      const origin = { file: `s3://${bucket}/${path}` };
      const answer = await request(path, origin, { method: 'HEAD' });
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw refused('read', answer, '', origin);
      return Number(answer.headers.get('Content-Length'));
    },
  };
}

/** As S3 signs them: everything but letters, digits and `-._~` is escaped. */
function encodePart(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

function missing(text: string, origin: TensorOrigin): TensorError {
  if (text.includes('NoSuchBucket')) return ioError('there is no such bucket', origin);
  return new TensorError('TENSOR_MISSING', 'no such object', origin, { hint: 'run the stage that makes it' });
}

function refused(action: 'read' | 'written', { status }: Response, text: string, origin: TensorOrigin): TensorError {
  const code = /<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? '';
  return ioError(`cannot be ${action}: the server answers ${status} ${code}`.trimEnd(), origin);
}

function ioError(rule: string, origin: TensorOrigin, cause?: unknown): TensorError {
  return new TensorError('TENSOR_IO', rule, origin, { cause });
}
