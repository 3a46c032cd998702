import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { referredSchemas } from './data-package-schema.ts';
import { tableSchemaFaults, type TableSchema, type TextTable } from './table-schema.ts';

const tables = ['deployments', 'media', 'observations'] as const;

interface Schemas {
  readonly faultsOf: (descriptor: unknown) => string[];
  readonly tables: Readonly<Record<string, TableSchema>>;
}

const read = new Map<string, Promise<Schemas>>();

const json = async <T>(...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8')) as T;

async function readSchemas(folder: string): Promise<Schemas> {
  const { default: draft04 } = await import('ajv-draft-04');
  const { default: formats } = await import('ajv-formats');
  const ajv = new draft04.default({ strict: false, allErrors: true, schemas: { ...referredSchemas } });
  formats.default(ajv);
  const validate = ajv.compile(await json<object>(folder, 'camtrap-dp-profile.json'));
  const named = tables.map(
    async (name) => [name, await json<TableSchema>(folder, `${name}-table-schema.json`)] as const,
  );
  return {
    faultsOf: (descriptor) =>
      validate(descriptor)
        ? []
        : (validate.errors ?? []).map(({ instancePath, message }) => `datapackage.json ${instancePath}: ${message}`),
    tables: Object.fromEntries(await Promise.all(named)),
  };
}

/**
 * Checks a Camtrap DP package against the standard's published schemas: its profile (JSON Schema) and the schemas of its tables.
 * @param folder of the package
 * @param schemas folder with `camtrap-dp-profile.json` and `<table>-table-schema.json`
 * @returns one line a fault; empty where the package is valid
 */
export async function camtrapFaults(folder: string, schemas: string): Promise<string[]> {
  const known = read.get(schemas) ?? readSchemas(schemas);
  read.set(schemas, known);
  const { faultsOf, tables: tableSchemas } = await known;
  const descriptor = await json<{ resources: { name: string; path: string }[] }>(folder, 'datapackage.json');
  const checked: Record<string, { schema: TableSchema; table: TextTable }> = {};
  for (const name of tables) {
    const path = descriptor.resources.find((resource) => resource.name === name)?.path ?? '';
    checked[name] = { schema: tableSchemas[name] as TableSchema, table: await readTextTable(join(folder, path)) };
  }
  return [...faultsOf(descriptor), ...tableSchemaFaults(checked)];
}

/** Reads CSV by its plain rules (RFC 4180): nothing is trimmed or guessed. */
export async function readTextTable(path: string): Promise<TextTable> {
  const { parse } = await import('csv-parse/sync');
  const [header = [], ...rows] = parse(await readFile(path, 'utf8'), {
    relax_column_count: true,
    bom: true,
  }) as unknown as string[][];
  return { header, rows };
}
