import { BadHashError } from './errors.ts';

/** A 64-bit hash as Python's imagehash prints it: 16 hex digits, lower case. */
export function toHex(hash: bigint): string {
  return BigInt.asUintN(64, hash).toString(16).padStart(16, '0');
}

/**
 * The hash that 16 hex digits name.
 *
 * @throws BadHashError if the text is anything else
 */
export function fromHex(text: string): bigint {
  if (!/^[0-9a-f]{16}$/i.test(text)) {
    throw new BadHashError('a hash is 16 hex digits', JSON.stringify(text), 'Pass a 64-bit hash as `toHex` prints it.');
  }
  return BigInt(`0x${text}`);
}
