import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { KerasWeightsError } from './keras-weights-error.ts';

const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** Bytes of a superblock of version 2 or 3, the shortest there are. */
const shortestSuperblock = 48;

/**
 * Refuses what is no whole HDF5 file before the HDF5 library sees it: no file, not HDF5, or shorter than its
 * superblock says. The library itself would report all three as one failure to open.
 * @throws KerasWeightsError `KERAS_MISSING`, `KERAS_NOT_HDF5` or `KERAS_TRUNCATED`
 */
export async function checkHdf5File(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'does not exist' : `cannot be opened: ${cause.message}`;
    throw new KerasWeightsError('KERAS_MISSING', `keras-weights: ${path} ${reason}`, { cause, fields: { file: path } });
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw notHdf5(path, 'is not a file');
    if (stat.size === 0) throw notHdf5(path, 'is empty (0 bytes)');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    const head = buffer.subarray(0, bytesRead);
    if (!head.subarray(0, 8).equals(signature)) {
      throw notHdf5(path, 'is not an HDF5 file: its first bytes are not the HDF5 signature');
    }
    const promised = endOfFile(head);
    if (promised !== undefined && BigInt(stat.size) < promised) {
      throw new KerasWeightsError(
        'KERAS_TRUNCATED',
        `keras-weights: ${path} is truncated: ${stat.size} bytes of ${promised}`,
        {
          fields: { file: path, bytes: stat.size, expectedBytes: Number(promised) },
          hint: 'download the file again and compare its size',
        },
      );
    }
  } finally {
    await handle.close();
  }
}

/** End-of-file address in the superblock ("HDF5 File Format Specification", II.A); undefined for unknown versions. */
function endOfFile(head: Buffer): bigint | undefined {
  // A header that is itself cut off promises more than there is.
  if (head.length < shortestSuperblock) return BigInt(shortestSuperblock);
  const version = head[8] ?? 255;
  const modern = version === 2 || version === 3;
  const offsetSize = head[modern ? 9 : 13];
  if (version > 3 || offsetSize !== 8) return undefined;
  const at = modern ? 28 : version === 0 ? 40 : 44;
  return head.length < at + 8 ? BigInt(at + 8) : head.readBigUInt64LE(at);
}

function notHdf5(path: string, what: string): KerasWeightsError {
  return new KerasWeightsError('KERAS_NOT_HDF5', `keras-weights: ${path} ${what}`, {
    fields: { file: path },
    hint: 'give the .h5 file of Keras Applications, for example vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
  });
}
