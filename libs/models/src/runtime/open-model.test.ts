import { writeFile } from 'node:fs/promises';
import { GraphBuilder } from '@primatrix/onnx';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import type { CardOf } from '../folder/model-card.ts';
import { openModel } from './open-model.ts';

/** The mean of each channel of pictures [n, 2, 2, 3] of bytes. */
function bytesGraph(): Uint8Array {
  const builder = new GraphBuilder('bytes');
  builder.input('x', 'uint8', ['n', 2, 2, 3]);
  const numbers = builder.node('Cast', ['x'], { to: 1 });
  builder.output(builder.node('ReduceMean', [numbers], { axes: [1, 2], keepdims: 0 }, { name: 'means' }), 'float32', [
    'n',
    3,
  ]);
  return builder.toBytes();
}

it('gives bytes to a graph that wants bytes, and refuses to where the card makes other numbers of them', async () => {
  await using folder = await temporaryFolder();
  const file = folder.join('model.onnx');
  await writeFile(file, bytesGraph());
  const opened = (values: CardOf<'image-encoder'>['input']['values']) => {
    const input = {
      ...{ name: 'x', size: [2, 2], layout: 'nhwc', channels: 'rgb', values, batch: 'free' },
      ...{ fit: { kind: 'stretch' }, interpolation: 'nearest' },
    };
    const card = { kind: 'image-encoder', input, output: { name: 'means', pool: 'none', width: 3 } };
    return openModel({ folder: folder.path, file, labels: [], card: card as CardOf<'image-encoder'> });
  };
  const pictures = [
    [7, 100, 250],
    [255, 0, 1],
  ].map((color) => ({
    ...{ width: 2, height: 2 },
    data: Uint8Array.from([...color, ...color, ...color, ...color]),
  }));
  const model = await opened('0..255');
  try {
    const { outputs } = await model.run(pictures);
    expect([...(outputs.get('means')?.data ?? [])]).toEqual([7, 100, 250, 255, 0, 1]);
  } finally {
    model.dispose();
  }
  const other = await opened('0..1');
  await expect(other.run(pictures)).rejects.toMatchObject({ code: 'MODEL_RUN', message: /wants bytes in "x"/ });
  other.dispose();
});
