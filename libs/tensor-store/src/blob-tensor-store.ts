import { createHash } from 'node:crypto';
import { sep } from 'node:path';
import type { Tensor, TensorRef } from '@primatrix/contracts';
import type { Blobs } from './blobs.ts';
import { safetensorsParts } from './encode-safetensors.ts';
import { TensorError } from './tensor-error.ts';
import type { TensorOrigin } from './tensor-error.ts';
import { referTo, soleTensorName } from './tensor-store.ts';
import type { GetOptions, PrunedFile, PruneOptions, PutOptions, TensorStore } from './tensor-store.ts';
import { verifiedTensor, verifyLength } from './verify-tensor.ts';

/** Where tensors go that have no other name than their content's. */
const contentFolder = 'tensors';
/** Such a tensor, or what a writer left of one that was killed. */
const contentPattern =
  /^tensors\/[0-9a-f]{2}\/(?:[0-9a-f]{64}\.safetensors|\.[0-9a-f]{64}\.safetensors\.\d+-\d+(?:-[0-9a-f]{8})?\.tmp)$/;

/** Tensors as safetensors files in any place that keeps files; references are relative to that place. */
export class BlobTensorStore implements TensorStore {
  private readonly blobs: Blobs;

  constructor(blobs: Blobs) {
    this.blobs = blobs;
  }

  async put(tensor: Tensor, options: PutOptions = {}): Promise<TensorRef> {
    return (await this.putAll({ [soleTensorName]: tensor }, options))[soleTensorName];
  }

  async putAll<Name extends string>(
    tensors: Readonly<Record<Name, Tensor>>,
    options: PutOptions = {},
  ): Promise<Record<Name, TensorRef>> {
    const { clip } = options;
    const parts = safetensorsParts(tensors, options.metadata ?? {}, { clip, file: options.path });
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    const sha256 = hash.digest('hex');
    const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);

    const path = options.path ?? `${contentFolder}/${sha256.slice(0, 2)}/${sha256}.safetensors`;
    if (!isInside(path)) throw outsideError(path, { clip });
    // What has no name but its content is found spoilt by its digest, and made again.
    await this.blobs.write(
      path,
      parts,
      { sha256, bytes, lasting: options.path !== undefined },
      { clip, file: this.blobs.nameOf(path) },
    );
    return referTo(tensors, {
      uri: `${this.blobs.scheme}:${path.split('/').map(encodeURIComponent).join('/')}`,
      sha256,
      bytes,
    });
  }

  async get(ref: TensorRef, options: GetOptions = {}): Promise<Tensor> {
    const { path, name } = this.placeOf(ref, options.clip);
    const origin = { clip: options.clip, file: this.blobs.nameOf(path) };
    return verifiedTensor(
      ref,
      name,
      await this.blobs.read(path, (bytes) => verifyLength(ref, bytes, origin), origin),
      origin,
    );
  }

  async has(ref: TensorRef): Promise<boolean> {
    return (await this.blobs.size(this.placeOf(ref, undefined).path)) === ref.bytes;
  }

  async *prune({ before, dryRun = false }: PruneOptions): AsyncGenerator<PrunedFile> {
    for await (const { path, bytes, modifiedAt } of this.blobs.list(contentFolder)) {
      if (modifiedAt >= before || !contentPattern.test(path)) continue;
      if (!dryRun) await this.blobs.remove(path);
      yield { file: this.blobs.nameOf(path), bytes };
    }
  }

  /** Path and tensor name of a reference. References come from other processes: none may leave the place. */
  protected placeOf(ref: TensorRef, clip: string | undefined): { path: string; name: string } {
    const origin = { clip, file: ref.uri };
    const match = /^([a-z0-9-]+):([^#?]*)#(.+)$/.exec(ref.uri);
    let path: string;
    let name: string;
    try {
      path = decodeURIComponent(match?.[2] ?? '');
      name = decodeURIComponent(match?.[3] ?? '');
    } catch (error) {
      throw new TensorError('TENSOR_REF', 'the reference holds broken %-escapes', origin, { cause: error });
    }
    const { scheme } = this.blobs;
    if (match?.[1] !== scheme) {
      throw new TensorError('TENSOR_REF', `a reference to this store must read ${scheme}:<path>#<tensor>`, origin);
    }
    if (!isInside(path)) throw outsideError(path, origin);
    return { path, name };
  }
}

/** Whether a path is relative and plain: no empty, `.` or `..` part, and nothing that this system takes for a separator. */
function isInside(path: string): boolean {
  const forbidden = sep === '/' ? /\0/ : /[\0\\:]/;
  return !forbidden.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function outsideError(path: string, origin: TensorOrigin): TensorError {
  return new TensorError(
    'TENSOR_REF',
    `the path must stay within the store, with '/' between its parts, got '${path}'`,
    origin,
  );
}
