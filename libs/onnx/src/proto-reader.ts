import { readSync } from 'node:fs';
import { SessionError } from './session.ts';

/** Names and sizes are short; weights are passed over unread. */
const longestText = 1 << 16;

interface ProtoField {
  readonly field: number;
  readonly from: number;
  readonly to: number;
}

/** Walks a protocol buffer in a file, reading little of it. */
export class ProtoReader {
  readonly size: number;
  private readonly file: number;
  private readonly path: string;
  private readonly piece = Buffer.alloc(1 << 16);
  private pieceStart = 0;
  private pieceEnd = 0;

  constructor(file: number, size: number, path: string) {
    this.file = file;
    this.size = size;
    this.path = path;
  }

  wrong(what: string): SessionError {
    return new SessionError('ONNX_MODEL', `onnx: model ${this.path} does not load: ${what}`, {
      hint: 'copy or make the file again',
    });
  }

  /** The fields of a message that have a length: texts and messages. */
  *messages(start: number, end: number): Generator<ProtoField> {
    for (const { field, wire, from, to } of this.fields(start, end)) if (wire === 2) yield { field, from, to };
  }

  *within(start: number, end: number, wanted: number): Generator<ProtoField> {
    for (const found of this.messages(start, end)) if (found.field === wanted) yield found;
  }

  /** A whole number among the fields of a message; null where there is none that could be a size. */
  number(start: number, end: number, wanted: number): number | null {
    for (const { field, wire, from } of this.fields(start, end)) {
      if (field === wanted && wire === 0) {
        const { value } = this.varint(from, end);
        return Number.isSafeInteger(value) ? value : null;
      }
    }
    return null;
  }

  /** All whole numbers of a repeated field, which were not packed. */
  numbers(start: number, end: number, wanted: number): number[] {
    const found: number[] = [];
    for (const { field, wire, from } of this.fields(start, end)) {
      if (field === wanted && wire === 0) found.push(this.varint(from, end).value);
    }
    return found;
  }

  bytes(start: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - start);
    for (let at = 0; at < bytes.length;) {
      const read = readSync(this.file, bytes, at, bytes.length - at, start + at);
      if (read === 0) throw this.wrong('it was cut off');
      at += read;
    }
    return bytes;
  }

  text(start: number, end: number): string {
    if (end - start > longestText) throw this.wrong(`a name in it has ${end - start} bytes`);
    const bytes = Buffer.alloc(end - start);
    for (let at = start; at < end; at++) bytes[at - start] = this.byte(at);
    return bytes.toString('utf8');
  }

  private *fields(start: number, end: number): Generator<ProtoField & { readonly wire: number }> {
    for (let at = start; at < end;) {
      const tag = this.varint(at, end);
      const [field, wire] = [Math.floor(tag.value / 8), tag.value % 8];
      let [from, to] = [tag.next, tag.next];
      if (wire === 0) to = this.varint(from, end).next;
      else if (wire === 1) to = from + 8;
      else if (wire === 5) to = from + 4;
      else if (wire === 2) {
        const length = this.varint(from, end);
        from = length.next;
        to = from + length.value;
      } else throw this.wrong(`it is no ONNX file (at byte ${at})`);
      if (field === 0 || to > end) throw this.wrong(`it is no ONNX file, or was cut off (at byte ${at})`);
      yield { field, wire, from, to };
      at = to;
    }
  }

  /** Numbers above 2^53 lose digits: none that is needed here is so large. */
  private varint(at: number, end: number): { readonly value: number; readonly next: number } {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      if (at + i >= end) break;
      const byte = this.byte(at + i);
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return { value, next: at + i + 1 };
    }
    throw this.wrong(`it is no ONNX file, or was cut off (at byte ${at})`);
  }

  private byte(at: number): number {
    if (at < this.pieceStart || at >= this.pieceEnd) {
      this.pieceStart = at;
      this.pieceEnd = at + readSync(this.file, this.piece, 0, this.piece.length, at);
      if (this.pieceEnd === at) throw this.wrong('it was cut off');
    }
    return this.piece[at - this.pieceStart] as number;
  }
}
