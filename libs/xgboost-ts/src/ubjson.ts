/** A value of a UBJSON document; typed arrays of numbers stay typed. */
export type Ubjson =
  null | boolean | number | string | NumberArray | readonly Ubjson[] | { readonly [key: string]: Ubjson };
type NumberArray = Float32Array | Float64Array | Int32Array;

const sizes: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };

/** Deeper documents are no models; it also bounds the reader's own stack. */
const mostDepth = 32;

/**
 * Reads the subset of UBJSON (ubjson.org, draft 12) that XGBoost writes: objects, arrays, typed arrays with a count,
 * strings, numbers, true, false and null.
 * @throws `RangeError` where the bytes end too early and `SyntaxError` for anything else
 */
export function parseUbjson(bytes: Uint8Array): Ubjson {
  const reader = new UbjsonReader(bytes);
  const value = reader.value(reader.marker(), 0);
  if (reader.position !== bytes.length) {
    throw new SyntaxError(`there are ${bytes.length - reader.position} bytes after the end`);
  }
  return value;
}

class UbjsonReader {
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  marker(): string {
    return String.fromCharCode(this.#view.getUint8(this.position++));
  }

  value(marker: string, depth: number): Ubjson {
    if (depth > mostDepth) throw new SyntaxError('it is nested too deeply');
    switch (marker) {
      case 'Z':
        return null;
      case 'T':
        return true;
      case 'F':
        return false;
      case 'S':
        return this.#text();
      case '[':
        return this.#array(depth);
      case '{':
        return this.#object(depth);
      default:
        return this.#number(marker);
    }
  }

  #number(marker: string): number {
    const at = this.position;
    this.position += sizeOf(marker, at);
    switch (marker) {
      case 'i':
        return this.#view.getInt8(at);
      case 'U':
        return this.#view.getUint8(at);
      case 'I':
        return this.#view.getInt16(at);
      case 'l':
        return this.#view.getInt32(at);
      case 'L':
        return Number(this.#view.getBigInt64(at));
      case 'd':
        return this.#view.getFloat32(at);
      default:
        return this.#view.getFloat64(at);
    }
  }

  #length(): number {
    const length = this.#number(this.marker());
    if (!Number.isInteger(length) || length < 0 || length > this.#bytes.length - this.position) {
      throw new RangeError(`a length of ${length} at byte ${this.position} reaches beyond the end`);
    }
    return length;
  }

  #text(): string {
    const length = this.#length();
    this.position += length;
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.position - length, length).toString('utf8');
  }

  #array(depth: number): Ubjson {
    let marker = this.marker();
    if (marker === '$') {
      const type = this.marker();
      if (this.marker() !== '#') throw new SyntaxError(`a typed array without a count at byte ${this.position}`);
      const length = this.#length();
      const size = sizeOf(type, this.position);
      if (length * size > this.#bytes.length - this.position) {
        throw new RangeError(`an array of ${length} numbers at byte ${this.position} reaches beyond the end`);
      }
      const result =
        type === 'L' || type === 'D'
          ? new Float64Array(length)
          : type === 'd'
            ? new Float32Array(length)
            : new Int32Array(length);
      for (let index = 0; index < length; index++) result[index] = this.#number(type);
      return result;
    }
    const values: Ubjson[] = [];
    if (marker === '#') {
      const length = this.#length();
      for (let index = 0; index < length; index++) values.push(this.value(this.marker(), depth + 1));
      return values;
    }
    for (; marker !== ']'; marker = this.marker()) values.push(this.value(marker, depth + 1));
    return values;
  }

  #object(depth: number): Ubjson {
    const entries = new Map<string, Ubjson>();
    while (this.#bytes[this.position] !== 0x7d) {
      const key = this.#text();
      entries.set(key, this.value(this.marker(), depth + 1));
    }
    this.position++;
    return Object.fromEntries(entries);
  }
}

function sizeOf(marker: string, position: number): number {
  const size = sizes[marker];
  if (size === undefined) {
    throw new SyntaxError(`the marker ${JSON.stringify(marker)} at byte ${position} is not known`);
  }
  return size;
}
