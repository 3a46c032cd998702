import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { jsonOf, nearestName, profiles, UsageError } from '@primatrix/contracts';
import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import { longName } from './option-tree.ts';

/** Read where a command is started, unless `--config` names another. */
export const configName = 'primatrix.json';

const path = z.string().min(1);
const text = z.string().min(1);

/** Folders and files: seen from the folder of the settings. */
const paths = {
  artifacts: path,
  bundle: path,
  dataset: path,
  models: path,
  package: path,
  sites: path,
  taxa: path,
  weights: path,
};

/** Defaults of options, by their names on the command line. */
const configSchema = z.strictObject({
  /** For editors; passed over. */
  $schema: text.optional(),
  ...z.object(paths).partial().shape,
  device: text.optional(),
  engine: text.optional(),
  folds: z.int().min(2).optional(),
  host: text.optional(),
  'name-pattern': text.optional(),
  port: z.int().min(0).max(65_535).optional(),
  profile: z.enum(profiles).optional(),
  seed: z.int().min(0).optional(),
  store: text.optional(),
  threshold: z.number().min(0).max(1).optional(),
  'time-zone': text.optional(),
});
type Config = z.infer<typeof configSchema>;

/** What may stand in the file, in order, for the help. */
export const configKeys: readonly string[] = Object.keys(configSchema.shape)
  .filter((key) => key !== '$schema')
  .sort();

/** Gives every command that has options of these names the option that names the file. */
export function offerConfig(command: Command): void {
  if (!command.options.some((option) => configKeys.includes(longName(option)))) return;
  command.optionsGroup('Options:').option('--config <json>', `settings instead of those in ${configName}`);
}

/**
 * Takes defaults from a settings file into a command's options; what the command line or the environment says goes
 * before.
 * @param given what `--config` names
 * @throws UsageError CONFIG_FILE naming file and setting
 */
export async function applyConfig(command: Command, given: string | undefined): Promise<void> {
  const file = given ?? (existsSync(configName) ? configName : undefined);
  if (file === undefined) return;
  const config = await readConfig(file);
  for (const option of command.options) {
    const name = longName(option);
    if (!Object.hasOwn(config, name)) continue;
    const value = config[name as keyof Config];
    const written = String(Object.hasOwn(paths, name) ? fromFile(file, value as string) : value);
    try {
      const parsed: unknown = option.parseArg === undefined ? written : option.parseArg(written, undefined);
      command.setOptionValueWithSource(option.attributeName(), parsed, 'config');
    } catch (cause) {
      if (!(cause instanceof InvalidArgumentError)) throw cause;
      throw wrong(file, `"${name}": ${cause.message}`, `it is the default of --${name}`, { cause });
    }
  }
}

function fromFile(file: string, place: string): string {
  const folder = dirname(file);
  return isAbsolute(place) || folder === '.' ? place : join(folder, place);
}

async function readConfig(file: string): Promise<Config> {
  let json: unknown;
  try {
    json = jsonOf(await readFile(file, 'utf8'));
  } catch (cause) {
    throw wrong(file, `cannot be read: ${(cause as Error).message}`, 'it must be a JSON object of options', { cause });
  }
  const { success, data, error } = configSchema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const near = nearestName(key, configKeys);
    throw wrong(
      file,
      `there is no setting "${key}"`,
      near === undefined
        ? `settings: ${configKeys.join(', ')}`
        : `did you mean "${near}"? Settings: ${configKeys.join(', ')}`,
      { cause: error },
    );
  }
  const where = issue === undefined || issue.path.length === 0 ? '' : `"${issue.path.join('.')}": `;
  throw wrong(file, `${where}${issue?.message ?? 'no settings'}`, `it is ${resolve(file)}`, { cause: error });
}

function wrong(file: string, rule: string, hint: string, options: ErrorOptions): UsageError {
  return new UsageError('CONFIG_FILE', `${file}: ${rule}`, { ...options, hint });
}
