import { UsageError } from '@primatrix/contracts';
import { AwsClient } from 'aws4fetch';

/** Whether an input is named in an object store. */
export function isS3(path: string): boolean {
  return path.startsWith('s3://');
}

/** Where an S3-compatible server is and how it lets us in. */
export interface S3Access {
  /** `https://s3.<region>.amazonaws.com`, or another server's address. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** One object as a listing tells it. */
export interface S3Object {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** One try; the client repeats what a busy server refuses (429, 5xx). */
const timeoutMs = 60_000;
const retries = 5;

/**
 * What AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and, for other servers than Amazon's,
 * AWS_ENDPOINT_URL say.
 * @param wanted what needs it, for the message
 * @throws UsageError STORE_ACCESS
 */
export function s3Access(wanted: string): S3Access {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_REGION: region = 'us-east-1',
    AWS_ENDPOINT_URL: endpoint,
  } = process.env;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new UsageError('STORE_ACCESS', `tensor-store: ${wanted} needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`, {
      hint: 'set both, and AWS_ENDPOINT_URL where the server is not Amazon',
    });
  }
  return {
    accessKeyId,
    secretAccessKey,
    region,
    endpoint: endpoint ?? `https://s3.${region}.amazonaws.com`,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

/** A bucket of S3-compatible storage, addressed by path (`<endpoint>/<bucket>/<key>`). */
export class S3Bucket {
  readonly endpoint: string;
  readonly bucket: string;
  private readonly client: AwsClient;

  constructor(bucket: string, { endpoint, ...access }: S3Access) {
    this.bucket = bucket;
    this.endpoint = endpoint.replace(/\/+$/, '');
    this.client = new AwsClient({ ...access, service: 's3', retries });
  }

  /** @throws Error where no answer comes; what the server refuses is an answer */
  request(key: string, init: RequestInit, query = ''): Promise<Response> {
    const path = key.split('/').map(encodePart).join('/');
    return this.client.fetch(`${this.endpoint}/${encodePart(this.bucket)}${path === '' ? '' : `/${path}`}${query}`, {
      ...init,
      signal: init.signal ?? AbortSignal.timeout(timeoutMs),
    });
  }

  /**
   * Every object whose key begins with `prefix`, in the order of the keys, asked for a thousand at a time.
   * @throws S3Refusal; Error where no answer comes
   */
  async *list(prefix: string): AsyncGenerator<S3Object> {
    // Version 1 of the request: pages begin after a key, which every server knows, and needs no tokens.
    for (let marker = '', more = true; more;) {
      // As it is signed: a space is %20.
      const query = new URLSearchParams({ prefix, marker }).toString().replaceAll('+', '%20');
      const answer = await this.request('', { method: 'GET' }, `?${query}`);
      const text = await answer.text();
      if (!answer.ok) throw new S3Refusal(answer.status, text);
      const before = marker;
      for (const [, entry = ''] of text.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
        marker = member(entry, 'Key');
        yield {
          key: marker,
          bytes: Number(member(entry, 'Size')),
          modifiedAt: new Date(member(entry, 'LastModified')),
        };
      }
      more = member(text, 'IsTruncated') === 'true' && marker !== before;
    }
  }
}

/** The server's own word: it answered, but no. */
export class S3Refusal extends Error {
  readonly status: number;
  /** As `NoSuchBucket`; empty where it says none. */
  readonly code: string;

  constructor(status: number, body: string) {
    const code = member(body, 'Code');
    super(`the server answers ${status} ${code}`.trimEnd());
    this.name = 'S3Refusal';
    this.status = status;
    this.code = code;
  }
}

/** Text of the first element of this name, which holds no other; empty where there is none. */
function member(xml: string, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(lt|gt|quot|apos|amp));/gi,
    (_, hex: string | undefined, decimal: string | undefined, name_: string) =>
      hex !== undefined
        ? String.fromCodePoint(Number.parseInt(hex, 16))
        : decimal !== undefined
          ? String.fromCodePoint(Number(decimal))
          : (named[name_.toLowerCase()] ?? ''),
  );
}

/** As S3 signs them: everything but letters, digits and `-._~` is escaped. */
function encodePart(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
