/** A Frictionless Table Schema (specs.frictionlessdata.io/table-schema), as far as the checks know it. */
export interface TableSchema {
  readonly fields: readonly TableSchemaField[];
  readonly missingValues?: readonly string[];
  readonly primaryKey?: string | readonly string[];
  readonly foreignKeys?: readonly {
    readonly fields: string;
    readonly reference: { readonly resource: string; readonly fields: string };
  }[];
}

interface TableSchemaField {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly constraints?: {
    readonly required?: boolean;
    readonly unique?: boolean;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly pattern?: string;
    readonly enum?: readonly string[];
  };
}

/** A table as it was parsed: a header and rows of text cells. */
export interface TextTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Checks tables against their schemas: header, types, constraints, primary and foreign keys.
 * @param tables by the names that foreign keys use
 * @returns one line a fault; empty where all is well
 * @throws Error for a type or format that the check does not know
 */
export function tableSchemaFaults(
  tables: Readonly<Record<string, { readonly schema: TableSchema; readonly table: TextTable }>>,
): string[] {
  const faults: string[] = [];
  for (const [name, { schema, table }] of Object.entries(tables)) {
    const missing = new Set(schema.missingValues ?? ['']);
    const values = (column: string) =>
      table.rows.map((row) => row[table.header.indexOf(column)] ?? '').map((cell) => (missing.has(cell) ? null : cell));
    const known = new Set(schema.fields.map((field) => field.name));
    for (const column of table.header) {
      if (!known.has(column)) faults.push(`${name}: the schema has no field ${column}`);
    }
    for (const [line, row] of table.rows.entries()) {
      if (row.length !== table.header.length) {
        faults.push(`${name}:${line + 2}: ${row.length} cells, the header has ${table.header.length}`);
      }
    }
    for (const field of schema.fields) {
      const { constraints = {} } = field;
      if (!table.header.includes(field.name)) {
        if (constraints.required === true) faults.push(`${name}: the required field ${field.name} is missing`);
        continue;
      }
      const column = values(field.name);
      column.forEach((value, i) => {
        for (const rule of cellFaults(field, value)) {
          faults.push(`${name}:${i + 2}: ${field.name} ${JSON.stringify(value)} ${rule}`);
        }
      });
      const stated = column.filter((value) => value !== null);
      if ((constraints.unique === true || schema.primaryKey === field.name) && new Set(stated).size < stated.length) {
        faults.push(`${name}: ${field.name} is not unique`);
      }
    }
    for (const { fields, reference } of schema.foreignKeys ?? []) {
      const target = tables[reference.resource]?.table;
      const there = new Set(target?.rows.map((row) => row[target.header.indexOf(reference.fields)]));
      values(fields).forEach((value, i) => {
        if (value !== null && !there.has(value)) {
          faults.push(`${name}:${i + 2}: ${fields} ${JSON.stringify(value)} is not in ${reference.resource}`);
        }
      });
    }
  }
  return faults;
}

const types: Readonly<Record<string, RegExp>> = {
  any: /^/,
  string: /^/,
  number: /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/,
  integer: /^[+-]?\d+$/,
  boolean: /^(true|True|TRUE|1|false|False|FALSE|0)$/,
};

function cellFaults({ type, format, constraints = {} }: TableSchemaField, value: string | null): string[] {
  if (value === null) return constraints.required === true ? ['is required'] : [];
  const faults: string[] = [];
  if (type === 'datetime') {
    if (format !== '%Y-%m-%dT%H:%M:%S%z') throw new Error(`testkit: the format ${format} is not known`);
    const parts = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(Z|[+-]\d{2}:?\d{2})$/.exec(value);
    const local = parts === null ? undefined : new Date(`${parts[1]}Z`);
    if (local === undefined || Number.isNaN(local.getTime()) || local.toISOString().slice(0, 19) !== parts?.[1]) {
      faults.push('is no datetime with zone');
    }
  } else {
    const pattern = types[type];
    if (pattern === undefined) throw new Error(`testkit: the type ${type} is not known`);
    if (!pattern.test(value)) faults.push(`is no ${type}`);
  }
  const { minimum, maximum, pattern, enum: allowed } = constraints;
  if (minimum !== undefined && !(Number(value) >= minimum)) faults.push(`is below ${minimum}`);
  if (maximum !== undefined && !(Number(value) <= maximum)) faults.push(`is above ${maximum}`);
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)) faults.push(`does not match ${pattern}`);
  if (allowed !== undefined && !allowed.includes(value)) faults.push(`is none of ${allowed.join(', ')}`);
  return faults;
}
