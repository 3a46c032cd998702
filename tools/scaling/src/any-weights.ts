import { netWeights, resolveNet, type NetSpec, type NetWeights } from '@primatrix/nets';
import { Rng } from '@primatrix/rng';

/** Weights of a net that knows nothing: small and positive, so that nothing overflows or vanishes. The usual beginnings take minutes: orthogonal matrices of 2,048 rows. */
export function anyWeights(spec: NetSpec): NetWeights {
  const rng = new Rng(1);
  return Object.fromEntries(
    netWeights(resolveNet(spec)).map(({ fullName, shape }) => {
      const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.001 + 0.01 * rng.uniform());
      return [fullName, { dtype: 'float32' as const, shape, data }];
    }),
  );
}
