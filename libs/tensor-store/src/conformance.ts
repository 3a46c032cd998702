import assert from 'node:assert/strict';
import type { Conformance, Tensor, TensorRef } from '@primatrix/contracts';
import { TensorError } from './tensor-error.ts';
import type { TensorErrorCode } from './tensor-error.ts';
import type { TensorStore } from './tensor-store.ts';

/** A store under test, and what a test must be able to do behind its back. */
export interface TensorStoreUnderTest {
  readonly store: TensorStore;
  /** Replaces the stored bytes that a reference points to. */
  overwrite(ref: TensorRef, change: (bytes: Uint8Array) => Uint8Array): Promise<void>;
  /** Removes what a reference points to. */
  remove(ref: TensorRef): Promise<void>;
}

const features: Tensor = { dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, -2, 0.5, Infinity, -0, 1e-40) };
const bits: Tensor = { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) };
const empty: Tensor = { dtype: 'int64', shape: [0, 4], data: new BigInt64Array(0) };
const scalar: Tensor = { dtype: 'float16', shape: [], data: Uint16Array.of(0x3c00) };

async function refuses(work: Promise<unknown>, code: TensorErrorCode, names: string): Promise<void> {
  const error = await work.then(
    () => assert.fail(`must be refused with ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TensorError, `must be a TensorError, got ${String(error)}`);
  assert.equal(error.code, code, error.message);
  assert.ok(error.message.includes(names), `must name '${names}': ${error.message}`);
}

/**
 * What every {@link TensorStore} must do, free of any test runner:
 * `it.each(tensorStoreConformance)('$name', ({ run }) => run(subject))`.
 */
export const tensorStoreConformance: readonly Conformance<TensorStoreUnderTest>[] = [
  {
    name: 'gives back what was put: values, dtype and shape',
    run: async ({ store }) => {
      for (const tensor of [features, bits, empty, scalar]) {
        const ref = await store.put(tensor);
        assert.deepEqual(await store.get(ref), tensor);
        assert.equal(await store.has(ref), true);
      }
    },
  },
  {
    name: 'keeps several tensors under one name each',
    run: async ({ store }) => {
      const refs = await store.putAll(
        { features, 'odd name/#%': bits },
        { path: 'a b/c#1.safetensors', metadata: { clip: 'x' } },
      );
      assert.deepEqual(await store.get(refs.features), features);
      assert.deepEqual(await store.get(refs['odd name/#%']), bits);
    },
  },
  {
    name: 'gives the same reference for the same content, another for another',
    run: async ({ store }) => {
      const ref = await store.put(features);
      assert.deepEqual(await store.put(features), ref);
      assert.notEqual((await store.put(bits)).sha256, ref.sha256);
    },
  },
  {
    name: 'replaces what lies at a path, and the older reference then no longer holds',
    run: async ({ store }) => {
      const older = await store.put(features, { path: 'x.safetensors' });
      const newer = await store.put({ ...features, data: new Float32Array(6) }, { path: 'x.safetensors' });
      assert.deepEqual((await store.get(newer)).data, new Float32Array(6));
      await refuses(store.get(older, { clip: 'clip-7' }), 'TENSOR_CORRUPT', 'clip-7');
    },
  },
  {
    name: 'says missing, naming clip and file',
    run: async (subject) => {
      const ref = await subject.store.put(features, { path: 'gone.safetensors' });
      await subject.remove(ref);
      assert.equal(await subject.store.has(ref), false);
      await refuses(subject.store.get(ref, { clip: 'clip-7' }), 'TENSOR_MISSING', 'gone.safetensors');
      await refuses(subject.store.get(ref, { clip: 'clip-7' }), 'TENSOR_MISSING', 'clip-7');
    },
  },
  {
    name: 'says corrupt for one changed bit, a cut end and added bytes',
    run: async (subject) => {
      const changes: ((bytes: Uint8Array) => Uint8Array)[] = [
        (bytes) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
        (bytes) => bytes.slice(0, -1),
        (bytes) => Uint8Array.of(...bytes, 0),
        () => new Uint8Array(0),
      ];
      for (const change of changes) {
        const ref = await subject.store.put(features, { path: 'spoilt.safetensors' });
        await subject.overwrite(ref, change);
        await refuses(subject.store.get(ref, { clip: 'clip-7' }), 'TENSOR_CORRUPT', 'clip-7');
      }
    },
  },
  {
    name: 'refuses a reference whose dtype, shape or name is not what is stored',
    run: async ({ store }) => {
      const ref = await store.put(features, { path: 'x.safetensors' });
      await refuses(store.get({ ...ref, dtype: 'int32' }), 'TENSOR_DTYPE', 'x.safetensors');
      await refuses(store.get({ ...ref, shape: [3, 2] }), 'TENSOR_SHAPE', '[3, 2]');
      await refuses(store.get({ ...ref, shape: [6] }), 'TENSOR_SHAPE', '[6]');
      await refuses(store.get({ ...ref, uri: ref.uri.replace(/#.*/, '#other') }), 'TENSOR_NAME', 'other');
    },
  },
  {
    name: 'never leaves its own folder',
    run: async ({ store }) => {
      const ref = await store.put(features);
      for (const path of ['../x', '/etc/passwd', 'a/../../x', './x', 'a//x', '', 'a\u0000b']) {
        await refuses(store.put(features, { path }), 'TENSOR_REF', 'within the store');
        const uri = ref.uri.replace(/:.*#/, `:${encodeURIComponent(path)}#`);
        await refuses(store.get({ ...ref, uri }), 'TENSOR_REF', 'within the store');
      }
      for (const uri of ['other:x#data', 'file:x', '', `${ref.uri.split(':')[0]}:%E0%A4%A#data`]) {
        await refuses(store.get({ ...ref, uri }), 'TENSOR_REF', uri);
      }
    },
  },
  {
    name: 'refuses tensors that contradict themselves and leaves what was there',
    run: async ({ store }) => {
      const ref = await store.put(features, { path: 'kept.safetensors' });
      const short: Tensor = { ...features, shape: [2, 4] };
      const wrong = { dtype: 'float16', shape: [6], data: features.data } as unknown as Tensor;
      await refuses(store.put(short, { path: 'kept.safetensors', clip: 'clip-7' }), 'TENSOR_SHAPE', 'clip-7');
      await refuses(store.put(wrong, { path: 'kept.safetensors' }), 'TENSOR_DTYPE', 'kept.safetensors');
      assert.deepEqual(await store.get(ref), features);
    },
  },
  {
    name: 'removes what is older and has no name but its content, and takes it again',
    run: async ({ store }) => {
      const pruned = async (before: Date, dryRun = false) => {
        const gone: { file: string; bytes: number }[] = [];
        for await (const file of store.prune({ before, dryRun })) gone.push(file);
        return gone;
      };
      const [longAgo, later] = [new Date(0), new Date('2999-01-01')];
      assert.deepEqual(await pruned(later), []);
      const named = await store.put(features, { path: 'tensors/named.safetensors' });
      const elsewhere = await store.put(features, { path: `features/ab/${'a'.repeat(64)}.safetensors` });
      const ref = await store.put(bits);
      const other = await store.put(scalar);
      assert.deepEqual(await pruned(longAgo), []);
      const would = await pruned(later, true);
      assert.deepEqual(would.map(({ bytes }) => bytes).sort(), [ref.bytes, other.bytes].sort());
      for (const { sha256 } of [ref, other]) {
        assert.ok(
          would.some(({ file }) => file.includes(sha256)),
          `must name ${sha256}`,
        );
      }
      assert.deepEqual(await store.get(ref), bits);
      assert.deepEqual(await pruned(later), would);
      assert.deepEqual([await store.has(ref), await store.has(other)], [false, false]);
      await refuses(store.get(ref), 'TENSOR_MISSING', ref.sha256);
      for (const kept of [named, elsewhere]) assert.deepEqual(await store.get(kept), features);
      assert.deepEqual(await store.put(bits), ref);
      assert.deepEqual(await store.get(ref), bits);
    },
  },
  {
    name: 'lists more than a thousand files',
    run: async ({ store }) => {
      const values = Array.from({ length: 1_010 }, (_, i) => i);
      for (let start = 0; start < values.length; start += 101) {
        await Promise.all(
          values
            .slice(start, start + 101)
            .map((value) => store.put({ dtype: 'int32', shape: [1], data: Int32Array.of(value) })),
        );
      }
      let gone = 0;
      for await (const { bytes } of store.prune({ before: new Date('2999-01-01'), dryRun: true })) {
        gone += bytes > 0 ? 1 : 0;
      }
      assert.equal(gone, values.length);
    },
  },
  {
    name: 'lets writers of one path race without harm',
    run: async ({ store }) => {
      const writers = Array.from({ length: 8 }, (_, i) =>
        store.put({ dtype: 'int32', shape: [1], data: Int32Array.of(i) }, { path: 'race.safetensors' }),
      );
      const refs = await Promise.all(writers);
      const held = await Promise.allSettled(refs.map((ref) => store.get(ref)));
      assert.equal(held.filter(({ status }) => status === 'fulfilled').length, 1);
    },
  },
];
