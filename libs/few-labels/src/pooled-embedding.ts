/**
 * One vector a clip: the mean of its frames' vectors, brought to length 1.
 * @param frames [frames, width] row-major
 * @returns [width]; undefined where there is no frame, or the mean is 0 or not finite: such a clip says nothing
 */
export function pooledEmbedding(frames: Float32Array, width: number): Float32Array | undefined {
  const count = frames.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < frames.length; i++) mean[i % width] = (mean[i % width] as number) + (frames[i] as number) / count;
  const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0));
  if (!(length > 0) || !Number.isFinite(length)) return undefined;
  return Float32Array.from(mean, (value) => value / length);
}
