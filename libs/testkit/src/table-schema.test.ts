import { expect, it } from 'vitest';
import { tableSchemaFaults } from './table-schema.ts';

const schema = {
  missingValues: ['', 'NA'],
  primaryKey: 'id',
  fields: [
    { name: 'id', type: 'string', constraints: { required: true, unique: true } },
    { name: 'at', type: 'datetime', format: '%Y-%m-%dT%H:%M:%S%z' },
    { name: 'p', type: 'number', constraints: { minimum: 0, maximum: 1 } },
    { name: 'kind', type: 'string', constraints: { enum: ['a', 'b'] } },
    { name: 'path', type: 'string', constraints: { pattern: '^[^./~].*$' } },
    { name: 'of', type: 'string' },
  ],
  foreignKeys: [{ fields: 'of', reference: { resource: 'others', fields: 'id' } }],
};
const others = { schema: { fields: [{ name: 'id', type: 'string' }] }, table: { header: ['id'], rows: [['x']] } };
const header = ['id', 'at', 'p', 'kind', 'path', 'of'];
const faults = (...rows: string[][]) => tableSchemaFaults({ rows: { schema, table: { header, rows } }, others });

it('passes what the schema allows, missing values included', () => {
  expect(faults(['1', '2020-02-29T23:59:59+02:00', '1e-3', 'a', 'x/y', 'x'], ['2', 'NA', '', '', '', 'NA'])).toEqual(
    [],
  );
});

it.each([
  [['NA', '', '', '', '', ''], /id null is required/],
  [['1', '2021-02-29T00:00:00Z', '', '', '', ''], /at .* no datetime/],
  [['1', '2021-02-28T00:00:00', '', '', '', ''], /at .* no datetime/],
  [['1', '', '1.01', '', '', ''], /p "1.01" is above 1/],
  [['1', '', 'x', '', '', ''], /p "x" is no number/],
  [['1', '', '', 'c', '', ''], /kind "c" is none of a, b/],
  [['1', '', '', '', '../a', ''], /path .* does not match/],
  [['1', '', '', '', '', 'z'], /of "z" is not in others/],
  [['1'], /1 cells, the header has 6/],
])('tells a fault of %j', (row, says) => expect(faults(row).join('\n')).toMatch(says));

it('tells rows of one key, and columns that are missing or unknown', () => {
  expect(faults(['1', '', '', '', '', ''], ['1', '', '', '', '', ''])).toEqual(['rows: id is not unique']);
  expect(tableSchemaFaults({ rows: { schema, table: { header: ['at', 'more'], rows: [] } }, others })).toEqual([
    'rows: the schema has no field more',
    'rows: the required field id is missing',
  ]);
});
