import { Rng, seedFrom } from '@primatrix/rng';

/** The seed of all damage of this run: `PRIMATRIX_DAMAGE_SEED`, else always the same. */
export const damageSeed = Number(process.env['PRIMATRIX_DAMAGE_SEED'] ?? 20_261_130);

/** Chance of one damaged thing: the same for the same seed, kind and number. */
export function chanceOf(kind: string, number: number): Rng {
  return new Rng(seedFrom(damageSeed, kind, number));
}

/** One of several. */
export function pick<T>(rng: Rng, of: readonly T[]): T {
  return of[rng.int(of.length)] as T;
}

const odd = [
  '__proto__',
  'constructor',
  'NaN',
  'Infinity',
  '-0',
  '1e999',
  '-1e308',
  '99999999999999999999',
  '0x10',
  'null',
  '',
  '""',
  '"',
  "'",
  '\u0000',
  '\u001b[2J',
  '\ufeff',
  'é',
  '\u0065\u0301',
  '../../../etc/passwd',
  '/dev/zero',
  '..\\..\\x',
  'C:\\x',
  '=1+1',
  '0.5',
  '2026-02-30',
  '0000-00-00T00:00:00Z',
  '24:61',
  '☃'.repeat(50),
  'x'.repeat(100_000),
];

/** Ways in which bytes are spoilt: cards, disks and transfers do that. */
const ofBytes: readonly ((bytes: Buffer, rng: Rng) => Buffer)[] = [
  (bytes, rng) => {
    const copy = Buffer.from(bytes);
    for (let i = 0; i <= rng.int(20) && copy.length > 0; i++) copy[rng.int(copy.length)] = rng.int(256);
    return copy;
  },
  (bytes, rng) => bytes.subarray(0, rng.int(bytes.length + 1)),
  (bytes, rng) => bytes.subarray(rng.int(bytes.length + 1)),
  (bytes, rng) => {
    const [from, length] = [rng.int(bytes.length + 1), rng.int(4096)];
    return Buffer.from(bytes).fill(rng.int(2) === 0 ? 0 : 255, from, Math.min(bytes.length, from + length));
  },
  (bytes, rng) => {
    const at = rng.int(bytes.length + 1);
    const noise = Buffer.from(Array.from({ length: 1 + rng.int(2000) }, () => rng.int(256)));
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
  },
  (bytes, rng) => {
    const [from, length] = [rng.int(bytes.length + 1), rng.int(2000)];
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
  },
  (bytes, rng) => {
    const [from, to] = [rng.int(bytes.length + 1), rng.int(bytes.length + 1)];
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  // A number in the front, where headers are, becomes large.
  (bytes, rng) => {
    const copy = Buffer.from(bytes);
    const large = pick(rng, [0, 1, 0x7fffffff, 0xffffffff, 0x10000]);
    if (copy.length > 8) copy.writeUInt32BE(large, rng.int(Math.min(copy.length - 4, 2000)));
    return copy;
  },
];

/** Spoils bytes in one or two ways. */
export function damagedBytes(bytes: Buffer, rng: Rng): Buffer {
  let spoilt = pick(rng, ofBytes)(bytes, rng);
  if (rng.int(3) === 0) spoilt = pick(rng, ofBytes)(spoilt, rng);
  return spoilt;
}

/** Spoils a table as people and programs do: cells, rows, columns, separators, encodings; now and then its bytes. */
export function damagedTable(text: string, rng: Rng): Buffer {
  const lines = text.split('\n');
  const line = () => rng.int(lines.length);
  const ways: (() => Buffer | string)[] = [
    () => withLine(line(), (cells) => cells.map((cell, i) => (i === rng.int(cells.length) ? pick(rng, odd) : cell))),
    () => withLine(0, (cells) => cells.map((cell, i) => (i === rng.int(cells.length) ? pick(rng, odd) : cell))),
    () => withLine(line(), (cells) => cells.slice(1)),
    () => withLine(line(), (cells) => [...cells, pick(rng, odd)]),
    () => withLine(line(), (cells) => cells.toReversed()),
    () => withLine(0, (cells) => [...cells.slice(1), cells[0] ?? '']),
    () => [...lines.slice(0, line()), ...lines.slice(line())].join('\n'),
    () => [...lines, ...lines].join('\n'),
    () => text.replaceAll(',', pick(rng, [';', '\t', '|', ' ', ',,'])),
    () => text.replaceAll('\n', pick(rng, ['\r', '\r\n', '\n\n', ' '])),
    () => text.replaceAll(/\d+/g, () => pick(rng, odd)),
    () => text.replaceAll(/[a-z]+/g, (word) => (rng.int(8) === 0 ? pick(rng, odd) : word)),
    () => Buffer.from(text, 'utf16le'),
    () => `\ufeffsep=;\n${text}`,
    () => lines[0] ?? '',
    () => damagedBytes(Buffer.from(text), rng),
    () => damagedBytes(Buffer.from(text), rng),
  ];
  const withLine = (at: number, change: (cells: string[]) => string[]) =>
    lines.map((one, i) => (i === at ? change(one.split(',')).join(',') : one)).join('\n');
  return Buffer.from(pick(rng, ways)());
}

const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 40,
  '',
  'x',
  '../../../etc/passwd',
  '/dev/zero',
  '\u0000',
  'x'.repeat(10_000),
  [],
  {},
  [[[[]]]],
  { constructor: 1, hasOwnProperty: 2 },
  Array.from({ length: 5000 }, (_, i) => i),
];

/** Spoils a JSON document: members that are gone, doubled or something else; now and then its text. */
export function damagedJson(text: string, rng: Rng): Buffer {
  if (rng.int(4) === 0) return damagedBytes(Buffer.from(text), rng);
  if (rng.int(12) === 0) return Buffer.from(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
  const value = JSON.parse(text) as unknown;
  for (let i = 0; i <= rng.int(3); i++) change(value, rng);
  let written = JSON.stringify(value);
  if (rng.int(8) === 0) written = written.replace('{', '{"__proto__":{"x":1},');
  if (rng.int(8) === 0) written = written.replace(/:\d+/, ':1e999');
  return Buffer.from(written);
}

function change(value: unknown, rng: Rng): void {
  // Down to somewhere: half of the time one level further.
  let at = value as Record<string, unknown>;
  for (;;) {
    const names = Object.keys(at);
    if (names.length === 0) return;
    const name = pick(rng, names);
    const inner = at[name];
    if (typeof inner === 'object' && inner !== null && rng.int(4) > 0) {
      at = inner as Record<string, unknown>;
      continue;
    }
    const way = rng.int(4);
    if (way === 0 && !Array.isArray(at)) delete at[name];
    else if (way === 1 && Array.isArray(at)) at.push(structuredClone(inner));
    else if (way === 2 && typeof inner === 'number') at[name] = pick(rng, [-inner, inner * 1000, inner / 7, inner + 1]);
    else at[name] = structuredClone(pick(rng, oddValues));
    return;
  }
}
