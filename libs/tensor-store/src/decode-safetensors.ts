import type { DType, Tensor } from '@primatrix/contracts';
import { z } from 'zod';
import { dtypeOfTag, elementTypes } from './element-type.ts';
import { elementsOf } from './encode-safetensors.ts';
import type { NamedTensors, TensorMetadata } from './encode-safetensors.ts';
import { TensorError } from './tensor-error.ts';
import type { TensorOrigin } from './tensor-error.ts';

/** What a safetensors file holds. Both records have no prototype: any name is safe to look up. */
export interface DecodedTensors {
  readonly tensors: NamedTensors;
  readonly metadata: TensorMetadata;
}

/** The format's own bound on the header, bytes. */
const maxHeaderBytes = 100_000_000;
/** numpy's bound on the number of dimensions. */
const maxRank = 64;

const offset = z.int().nonnegative();
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(offset).max(maxRank),
  data_offsets: z.tuple([offset, offset]),
});

interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly elements: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a safetensors file that may come from anywhere: header, offsets, gaps, overlaps, dtypes and shapes are
 * checked before any tensor is made, and memory stays in proportion to `bytes`. Tensors are views into `bytes`
 * where alignment allows and copies elsewhere.
 * @throws TensorError TENSOR_CORRUPT, or TENSOR_DTYPE for an element type that is not supported (as BF16)
 */
export function decodeSafetensors(bytes: Uint8Array, origin: TensorOrigin = {}): DecodedTensors {
  const corrupt = (rule: string, cause?: unknown) => new TensorError('TENSOR_CORRUPT', rule, origin, { cause });
  const { header, dataStart } = readHeader(bytes, corrupt);
  const dataBytes = bytes.byteLength - dataStart;

  const metadata: Record<string, string> = Object.create(null) as Record<string, string>;
  const entries: Entry[] = [];
  for (const [name, member] of Object.entries(header)) {
    if (name === '__metadata__') {
      for (const [key, text] of textMembers(member, corrupt)) metadata[key] = text;
    } else {
      entries.push(readEntry(name, member, dataBytes, origin, corrupt));
    }
  }
  checkCover(entries, dataBytes, corrupt);

  const tensors: Record<string, Tensor> = Object.create(null) as Record<string, Tensor>;
  for (const entry of entries) tensors[entry.name] = tensorOf(entry, bytes, dataStart, corrupt);
  return { tensors, metadata };
}

type Corrupt = (rule: string, cause?: unknown) => TensorError;

function readHeader(bytes: Uint8Array, corrupt: Corrupt): { header: object; dataStart: number } {
  if (bytes.byteLength < 8) throw corrupt(`a safetensors file has at least 8 bytes, got ${bytes.byteLength}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  const limit = Math.min(bytes.byteLength - 8, maxHeaderBytes);
  if (length > BigInt(limit)) throw corrupt(`the header must end within ${limit} bytes, its length says ${length}`);
  const dataStart = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart)));
  } catch (error) {
    throw corrupt('the header must be JSON in UTF-8', error);
  }
  if (header === null || typeof header !== 'object' || Array.isArray(header)) {
    throw corrupt('the header must be a JSON object');
  }
  return { header, dataStart };
}

function textMembers(member: unknown, corrupt: Corrupt): [string, string][] {
  const isObject = member !== null && typeof member === 'object' && !Array.isArray(member);
  const members = isObject ? Object.entries(member) : undefined;
  if (members === undefined || !members.every((pair): pair is [string, string] => typeof pair[1] === 'string')) {
    throw corrupt("header member '__metadata__' must map text to text");
  }
  return members;
}

function readEntry(name: string, member: unknown, dataBytes: number, origin: TensorOrigin, corrupt: Corrupt): Entry {
  const parsed = entrySchema.safeParse(member);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw corrupt(`header of tensor '${name}': ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not an entry'}`);
  }
  const { shape, data_offsets: offsets } = parsed.data;
  const dtype = dtypeOfTag.get(parsed.data.dtype);
  if (dtype === undefined) {
    throw new TensorError(
      'TENSOR_DTYPE',
      `tensor '${name}': dtype must be one of ${[...dtypeOfTag.keys()].join(', ')}, got ${parsed.data.dtype}`,
      origin,
    );
  }
  const [start, end] = offsets;
  if (start > end || end > dataBytes) {
    throw corrupt(`tensor '${name}': offsets must lie in order within ${dataBytes} data bytes, got [${start}, ${end}]`);
  }
  const elements = elementsOf(shape);
  if (elements === undefined || elements * elementTypes[dtype].bytes !== end - start) {
    throw corrupt(`tensor '${name}': ${dtype} [${shape.join(', ')}] does not fill its ${end - start} bytes`);
  }
  return { name, dtype, shape, elements, start, end };
}

/** The format allows no overlap and no gap: bytes that no tensor owns could hide anything. */
function checkCover(entries: readonly Entry[], dataBytes: number, corrupt: Corrupt): void {
  let reached = 0;
  for (const { name, start, end } of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== reached) {
      throw corrupt(`tensor '${name}' must begin at data byte ${reached}, where the one before it ends, got ${start}`);
    }
    reached = end;
  }
  if (reached !== dataBytes) throw corrupt(`the tensors must fill all ${dataBytes} data bytes, they fill ${reached}`);
}

function tensorOf(entry: Entry, bytes: Uint8Array, dataStart: number, corrupt: Corrupt): Tensor {
  const type = elementTypes[entry.dtype];
  const start = dataStart + entry.start;
  const end = dataStart + entry.end;
  const aligned = (bytes.byteOffset + start) % type.bytes === 0;
  const data = aligned
    ? type.view(bytes.buffer, bytes.byteOffset + start, entry.elements)
    : // Not `bytes.slice`: a Buffer's slice shares its memory.
      type.view(new Uint8Array(bytes.subarray(start, end)).buffer, 0, entry.elements);
  if (entry.dtype === 'bool' && (data as Uint8Array).some((byte) => byte > 1)) {
    throw corrupt(`tensor '${entry.name}': bool bytes must be 0 or 1`);
  }
  return { dtype: entry.dtype, shape: entry.shape, data };
}
