import { basename } from 'node:path';
import { hasMediaName, UsageError } from '@primatrix/contracts';
import type { InputFile } from '@primatrix/prediction';
import { s3Access, S3Bucket, S3Refusal } from '@primatrix/tensor-store';

/** Bucket and key of `s3://<bucket>/<key>`; the key may be empty. @throws UsageError CLIP_PLACE, STORE_ACCESS */
export function s3Place(uri: string): { bucket: S3Bucket; key: string } {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (bucket === undefined) {
    throw new UsageError('CLIP_PLACE', `services: an object must be named s3://<bucket>/<key>, got '${uri}'`);
  }
  return { bucket: new S3Bucket(bucket, s3Access(uri)), key };
}

/**
 * The clips at a place in an object store, as `listInputs` gives those of a folder: all media below `s3://<bucket>/<prefix>/`, named
 * from the prefix on, or the one object at `s3://<bucket>/<key>`, there or not.
 * @throws UsageError CLIP_PLACE, STORE_ACCESS, CLIP_LISTING where the server does not let us look
 */
export async function listS3Inputs(place: string): Promise<{ files: InputFile[]; skipped: string[] }> {
  const { bucket, key: prefix } = s3Place(place);
  if (prefix !== '' && !prefix.endsWith('/')) {
    return { files: [{ filename: basename(prefix), path: place }], skipped: [] };
  }
  const files: InputFile[] = [];
  const skipped: string[] = [];
  try {
    for await (const { key, bytes, modifiedAt } of bucket.list(prefix)) {
      const filename = key.slice(prefix.length);
      // What consoles make to show a folder that is empty.
      if (filename === '' || filename.endsWith('/')) continue;
      const path = `s3://${bucket.bucket}/${key}`;
      if (hasMediaName(filename)) files.push({ filename, path, stamp: `${bytes}-${modifiedAt.getTime()}` });
      else skipped.push(path);
    }
  } catch (cause) {
    const reason = cause instanceof S3Refusal ? cause.message : `no answer from ${bucket.endpoint}`;
    throw new UsageError('CLIP_LISTING', `services: ${place} cannot be listed: ${reason}`, {
      cause,
      hint: 'check the bucket, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL',
    });
  }
  return { files, skipped };
}
