import { z } from 'zod';
import { UsageError } from './errors.ts';

/** Settings are not those of the family that they are given to. Code `FAMILY_SETTINGS`. */
export class SettingsError extends UsageError {}

/** Of families that have no settings. */
export const noSettings = z.strictObject({});

/**
 * Checks the settings of a family.
 * @param family its name, and settings that it takes
 * @throws SettingsError naming the first wrong setting
 */
export function parseSettings<Settings>(
  settings: unknown,
  schema: z.ZodType<Settings>,
  family: { readonly name: string; readonly example: string },
): Settings {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || 'settings';
  throw new SettingsError('FAMILY_SETTINGS', `${family.name}: ${where}: ${issue?.message ?? 'not valid'}`, {
    cause: parsed.error,
    fields: { family: family.name, setting: where },
    hint: `settings: ${family.example}`,
  });
}
