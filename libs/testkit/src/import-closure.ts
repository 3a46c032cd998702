import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { workspaceRoot } from './shared-data.ts';

/**
 * The sources that files of the workspace import, themselves included, and what those import, and so on, through
 * the workspace's packages. Types count; `import()` and processes that are forked do not, nor do packages of others.
 * @param entries paths below the workspace root, with forward slashes
 * @returns such paths, sorted
 * @throws Error naming importer and import where a file of the workspace cannot be found
 */
export function importClosure(...entries: readonly string[]): string[] {
  const root = realpathSync(workspaceRoot());
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
      const imported = specifier.startsWith('.') ? join(dirname(file), specifier) : sourceOf(specifier, file, root);
      if (imported === undefined) continue;
      if (!existsSync(imported)) throw new Error(`testkit: ${file} imports ${specifier}, but there is no ${imported}`);
      visit(imported);
    }
  };
  for (const entry of entries) visit(join(root, entry));
  return [...found].map((file) => relative(root, file).split(sep).join('/')).sort();
}

/** Formatted sources begin their imports and re-exports at the start of a line. */
function importsOf(source: string): string[] {
  const statements = source.matchAll(/^(?:import|export)\s(?:[\w*{}\s,$]*?\sfrom\s)?'([^']+)'/gm);
  return [...statements].map(([, specifier = '']) => specifier);
}

/** The source that a package of the workspace exports under this name; undefined for packages of others. */
function sourceOf(specifier: string, importer: string, root: string): string | undefined {
  const [, name = '', below = ''] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(specifier) ?? [];
  const folders = createRequire(importer).resolve.paths(name) ?? [];
  const linked = folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
  const folder = linked === undefined ? undefined : realpathSync(linked);
  if (folder?.startsWith(root + sep) !== true || folder.includes(`${sep}node_modules${sep}`)) return undefined;
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, string | { readonly '@primatrix/source'?: string }>>;
  };
  const target = exports[`.${below}`];
  const source = typeof target === 'string' ? target : target?.['@primatrix/source'];
  if (source === undefined) {
    throw new Error(`testkit: ${importer} imports ${specifier}, which its package does not export`);
  }
  return join(folder, source);
}
