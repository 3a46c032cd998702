import { stat } from 'node:fs/promises';

/** Size and time of change of a file, to tell whether it was replaced since; `missing` where it cannot be asked for. */
export async function stampOf(path: string): Promise<string> {
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  return info === undefined ? 'missing' : `${info.size}-${info.mtimeNs}`;
}
