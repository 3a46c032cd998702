import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './graph-builder.ts';
import { availableDevices, openSession } from './session.ts';

const f32 = (shape: number[], data: number[]) => ({ dtype: 'float32' as const, shape, data: Float32Array.from(data) });

describe('GraphBuilder', () => {
  it('writes a model that ONNX Runtime loads and runs: relu(x w + b)', async () => {
    const g = new GraphBuilder('dense');
    const x = g.input('x', 'float32', ['n', 2]);
    const w = g.initializer('w', f32([2, 3], [1, 2, 3, 4, 5, 6]));
    const sum = g.node('Add', [g.node('MatMul', [x, w]), g.floats([-10, 0, 0])]);
    g.output(g.node('Relu', [sum], {}, { name: 'y' }), 'float32', ['n', 3]);
    const session = await openSession(g.toBytes({ metadata: { purpose: 'test' } }), { threads: 1 });
    const result = await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, 1), [1, 2]) });
    expect([...(result['y']?.data as Float32Array)]).toEqual([0, 7, 9]);
    await session.release();
  });

  it('keeps large and negative integers, floats and body graphs', async () => {
    const g = new GraphBuilder('loop');
    const x = g.input('x', 'float32', [3, 2]);
    const body = new GraphBuilder('body', g);
    const state = body.input('state', 'float32', [2]);
    const step = body.input('step', 'float32', [2]);
    const next = body.node('Add', [state, step]);
    const copy = body.node('Identity', [next]);
    body.output(next, 'float32', [2]);
    body.output(copy, 'float32', [2]);
    const [last] = g.nodeN('Scan', [g.floats([0, 0]), x], 2, { body: { graph: body }, num_scan_inputs: 1 });
    const scaled = g.node('LeakyRelu', [last ?? ''], { alpha: { float: 0.25 } });
    g.output(g.node('Reshape', [scaled, g.ints([-1, 1])], {}, { name: 'y' }), 'float32', [2, 1]);
    const session = await openSession(g.toBytes(), { threads: 1 });
    const result = await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, -1, 2, -2, 3, -1), [3, 2]) });
    expect([...(result['y']?.data as Float32Array)]).toEqual([6, -1]);
    await session.release();
  });

  it('refuses unknown values, double names, wrong lengths and unmarked floats', () => {
    const g = new GraphBuilder('bad');
    g.input('x', 'float32', [1]);
    expect(() => g.node('Relu', ['nowhere'])).toThrow("unknown value 'nowhere'");
    expect(() => g.input('x', 'float32', [1])).toThrow('defined twice');
    expect(() => g.initializer('w', f32([2, 2], [1]))).toThrow('wants 4');
    expect(() => g.node('LeakyRelu', ['x'], { alpha: 0.5 })).toThrow('{ float: 0.5 }');
  });
});

describe('openSession', () => {
  it('names the devices there are when one is absent', async () => {
    const absent = (['coreml', 'dml', 'cuda'] as const).find((device) => !availableDevices().includes(device));
    if (absent === undefined) return;
    await expect(openSession(new GraphBuilder('g').toBytes(), { device: absent })).rejects.toThrow(/available: .*cpu/);
  });

  it('says that bytes are no model', async () => {
    await expect(openSession(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'ONNX_MODEL' });
  });
});
