import { writeFile } from 'node:fs/promises';
import { openSession, readWeights } from '@primatrix/onnx';
import { Rng } from '@primatrix/rng';
import { temporaryFolder } from '@primatrix/testkit';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { BackboneLayer, BackboneSpec, Window } from './backbone-spec.ts';
import { kerasLayers } from './backbone-spec.ts';
import { compileBackbone, compileFolded, foldedLayersOf, type BackboneWeights } from './compile-backbone.ts';
import { LayerList } from './layer-list.ts';

/** A picture as Keras sees it: [height, width, channels]. */
interface Map3 {
  readonly h: number;
  readonly w: number;
  readonly c: number;
  readonly data: Float64Array;
}

function map3(h: number, w: number, c: number, value: (y: number, x: number, c: number) => number): Map3 {
  const data = new Float64Array(h * w * c);
  for (let i = 0; i < data.length; i++) data[i] = value(Math.floor(i / (w * c)), Math.floor(i / c) % w, i % c);
  return { h, w, c, data };
}

/** Slides a window: `each` gets the output place and every place of the window that lies inside the picture. */
function slide(
  { kernel: [kh, kw], stride, pad }: Window,
  x: Map3,
  c: number,
  value: (places: { ky: number; kx: number; y: number; x: number }[], channel: number) => number,
): Map3 {
  const h = Math.floor((x.h + pad[0] + pad[2] - kh) / stride) + 1;
  const w = Math.floor((x.w + pad[1] + pad[3] - kw) / stride) + 1;
  return map3(h, w, c, (oy, ox, channel) => {
    const places = [];
    for (let ky = 0; ky < kh; ky++) {
      for (let kx = 0; kx < kw; kx++) {
        const [y, xx] = [oy * stride + ky - pad[0], ox * stride + kx - pad[1]];
        if (y >= 0 && y < x.h && xx >= 0 && xx < x.w) places.push({ ky, kx, y, x: xx });
      }
    }
    return value(places, channel);
  });
}

/** The layers as Keras defines them, batch norm unfolded, in double precision. */
function reference(spec: BackboneSpec, weights: BackboneWeights, rgb: Uint8Array, h: number, w: number): number[] {
  const means = [103.939, 116.779, 123.68];
  const input = map3(h, w, 3, (y, x, c) =>
    spec.preprocess === 'tf'
      ? (rgb[(y * w + x) * 3 + c] as number) / 127.5 - 1
      : (rgb[(y * w + x) * 3 + 2 - c] as number) - (means[c] as number),
  );
  const maps = new Map<string, Map3>([['input', input]]);
  const of = (name: string) => maps.get(name) as Map3;
  const arrays = (name: string) => (weights.get(name) ?? []).map(({ tensor }) => tensor.data);
  const at = (m: Map3, y: number, x: number, c: number) => m.data[(y * m.w + x) * m.c + c] as number;
  const apply = (layer: BackboneLayer): Map3 => {
    if ('inputs' in layer) {
      const [a, b] = layer.inputs.map(of) as [Map3, Map3];
      if (layer.op === 'add') return { ...a, data: a.data.map((v, i) => v + (b.data[i] as number)) };
      return map3(a.h, a.w, a.c + b.c, (y, x, c) => (c < a.c ? at(a, y, x, c) : at(b, y, x, c - a.c)));
    }
    const x = of(layer.input);
    const [first, second] = arrays(layer.name) as [Float32Array, Float32Array | undefined];
    switch (layer.op) {
      case 'conv':
        return slide(layer, x, layer.filters, (places, o) =>
          places.reduce((sum, p) => {
            for (let i = 0; i < x.c; i++) {
              sum +=
                at(x, p.y, p.x, i) * (first[((p.ky * layer.kernel[1] + p.kx) * x.c + i) * layer.filters + o] as number);
            }
            return sum;
          }, second?.[o] ?? 0),
        );
      case 'depthwise':
        return slide(layer, x, x.c, (places, c) =>
          places.reduce(
            (sum, p) => sum + at(x, p.y, p.x, c) * (first[(p.ky * layer.kernel[1] + p.kx) * x.c + c] as number),
            0,
          ),
        );
      case 'maxPool':
        return slide(layer, x, x.c, (places, c) => Math.max(...places.map((p) => at(x, p.y, p.x, c))));
      case 'averagePool':
        return slide(
          layer,
          x,
          x.c,
          (places, c) => places.reduce((sum, p) => sum + at(x, p.y, p.x, c), 0) / places.length,
        );
      case 'batchNorm': {
        const all = arrays(layer.name);
        const [beta, mean, variance] = (layer.scale ? all.slice(1) : all) as [Float32Array, Float32Array, Float32Array];
        const norm = (v: number, c: number) =>
          (v - (mean[c] as number)) / Math.sqrt((variance[c] as number) + layer.epsilon);
        return {
          ...x,
          data: x.data.map(
            (v, i) => norm(v, i % x.c) * (layer.scale ? (all[0]?.[i % x.c] as number) : 1) + (beta[i % x.c] as number),
          ),
        };
      }
      case 'relu':
        return { ...x, data: x.data.map((v) => Math.max(0, v)) };
      case 'relu6':
        return { ...x, data: x.data.map((v) => Math.min(6, Math.max(0, v))) };
    }
  };
  for (const layer of spec.layers) maps.set(layer.name, apply(layer));
  const last = of((spec.layers.at(-1) as BackboneLayer).name);
  return Array.from(
    { length: last.c },
    (_, c) => last.data.reduce((sum, v, i) => (i % last.c === c ? sum + v : sum), 0) / (last.h * last.w),
  );
}

/** Every kind of layer once, in a net of a few thousand parameters. */
function everyLayer(preprocess: 'caffe' | 'tf'): BackboneSpec {
  const list = new LayerList();
  let x = list.conv('a', 'input', 6, { stride: 2, pad: [0, 0, 1, 1] });
  x = list.relu('a_relu', list.batchNorm('a_bn', x, { epsilon: 1e-3 }));
  x = list.maxPool('pool', x, { kernel: 3, stride: 2, pad: [1, 1, 1, 1] });
  const left = list.relu6(
    'b_relu',
    list.batchNorm('b_bn', list.conv('b', x, 4, { kernel: [1, 5], bias: false }), { epsilon: 1e-3, scale: false }),
  );
  const right = list.averagePool('mean', x, { kernel: 3 });
  x = list.concat('both', [left, right]);
  const y = list.batchNorm('c_bn', list.depthwise('c', x), { epsilon: 0.1 });
  list.conv('d', list.sum('sum', [x, y]), 7, { kernel: 1 });
  return {
    name: 'every',
    title: 'Every',
    preprocess,
    minSize: 8,
    width: 7,
    layers: list.layers,
    official: { fileName: '', url: '', bytes: 0, md5: null },
  };
}

function someWeights(spec: BackboneSpec): BackboneWeights {
  const rng = new Rng(3);
  return new Map(
    kerasLayers(spec).map((layer) => [
      layer.name,
      layer.weights.map(({ name, shape }) => {
        const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
          name === 'moving_variance' ? rng.between(0.2, 2) : 0.4 * rng.normal(),
        );
        return { name, tensor: { dtype: 'float32' as const, shape, data } };
      }),
    ]),
  );
}

describe('compileBackbone', () => {
  it.each(['caffe', 'tf'] as const)(
    'computes what Keras defines, with %s preprocessing, for any size and batch',
    async (preprocess) => {
      const spec = everyLayer(preprocess);
      const weights = someWeights(spec);
      const session = await openSession(compileBackbone(spec, weights), { threads: 1 });
      for (const [h, w] of [
        [16, 16],
        [19, 24],
      ] as const) {
        const frames = Uint8Array.from({ length: 2 * h * w * 3 }, (_, i) => (i * 37 + (i >> 4) * 11) % 256);
        const { features } = await session.run({ frames: new ort.Tensor('uint8', frames, [2, h, w, 3]) });
        const want = [0, 1].flatMap((n) =>
          reference(spec, weights, frames.subarray(n * h * w * 3, (n + 1) * h * w * 3), h, w),
        );
        expect(features?.dims).toEqual([2, 7]);
        const scale = Math.max(...want.map(Math.abs));
        (features?.data as Float32Array).forEach((got, i) =>
          expect(Math.abs(got - (want[i] as number))).toBeLessThan(1e-5 * scale),
        );
      }
      await session.release();
    },
  );

  it("computes the same by Winograd's method, from Keras's arrays and from a stored graph, for any size and batch", async () => {
    await using folder = await temporaryFolder();
    const list = new LayerList();
    const wide = list.relu('r', list.conv('a', 'input', 128));
    list.relu('s', list.batchNorm('bn', list.conv('b', wide, 130, { bias: false }), { epsilon: 1e-3 }));
    const spec = { ...everyLayer('caffe'), layers: list.layers, width: 130 };
    const weights = someWeights(spec);
    const plain = compileBackbone(spec, weights);
    const fast = compileBackbone(spec, weights, { winograd: true });
    await writeFile(folder.join('plain.onnx'), plain);
    const stored = foldedLayersOf(readWeights(folder.join('plain.onnx')));
    expect(Buffer.compare(compileFolded(spec, stored, {}), plain)).toBe(0);
    expect(Buffer.compare(compileFolded(spec, stored, { winograd: true }), fast)).toBe(0);
    expect(fast.length).toBeGreaterThan(plain.length + 128 * 130 * (36 - 9) * 4);

    const sessions = await Promise.all([plain, fast].map((model) => openSession(model, { threads: 1 })));
    for (const [h, w] of [
      [8, 8],
      [5, 11],
    ] as const) {
      const frames = Uint8Array.from({ length: 2 * h * w * 3 }, (_, i) => (i * 37 + (i >> 4) * 11) % 256);
      const [want, got] = (await Promise.all(
        sessions.map(async (session) => {
          const { features } = await session.run({ frames: new ort.Tensor('uint8', frames, [2, h, w, 3]) });
          return features?.data as Float32Array;
        }),
      )) as [Float32Array, Float32Array];
      const scale = Math.max(...want.map(Math.abs));
      expect(scale).toBeGreaterThan(0);
      want.forEach((value, i) => expect(Math.abs(value - (got[i] as number))).toBeLessThan(1e-5 * scale));
    }
    for (const session of sessions) await session.release();
  });

  it('refuses a batch norm that cannot be folded', () => {
    const list = new LayerList();
    list.batchNorm('bn', list.relu('r', list.conv('a', 'input', 2)), { epsilon: 1e-3 });
    const spec = { ...everyLayer('tf'), layers: list.layers };
    expect(() => compileBackbone(spec, someWeights(spec))).toThrow("'bn'");
  });
});
