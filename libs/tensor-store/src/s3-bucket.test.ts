import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { S3Bucket } from './s3-bucket.ts';

it('reads listings as Amazon writes them, page by page', async () => {
  const pages: Record<string, string> = {
    '':
      '<ListBucketResult><Prefix>a &amp; b/</Prefix><IsTruncated>true</IsTruncated><Contents><Key>a &amp; ' +
      'b/&lt;1&gt;&#39;&#x41;.mp4</Key><LastModified>2026-11-24T10:00:00.000Z</LastModified><Size>7</Size><Owner><ID>x</ID></Owner></Contents></ListBucketResult>',
    "a & b/<1>'A.mp4":
      '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Size>8</Size><Key>a &amp; ' +
      'b/&amp;lt;.mp4</Key><LastModified>2026-11-24T11:00:00.000Z</LastModified></Contents></ListBucketResult>',
  };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { searchParams, pathname } = new URL(request.url ?? '', 'http://x');
    asked.push(`${pathname} ${searchParams.get('prefix')}`);
    response.end(pages[searchParams.get('marker') ?? '']);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const bucket = new S3Bucket('clips', {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      region: 'us-east-1',
      accessKeyId: 'x',
      secretAccessKey: 'x',
    });
    const listed = [];
    for await (const object of bucket.list('a & b/')) listed.push(object);
    expect(listed).toEqual([
      { key: "a & b/<1>'A.mp4", bytes: 7, modifiedAt: new Date('2026-11-24T10:00:00Z') },
      { key: 'a & b/&lt;.mp4', bytes: 8, modifiedAt: new Date('2026-11-24T11:00:00Z') },
    ]);
    expect(asked).toEqual(['/clips a & b/', '/clips a & b/']);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
