import { Option } from 'commander';

/** What puts clips before and after each other. */
export function timeOrderOption(fallback: string): Option {
  return new Option(
    '--time-order <csv>',
    'what puts clips before and after each other: a table with filename and captured_at, or `modified` for the ' +
      `files' modification times (default: what the ${fallback} goes by)`,
  );
}
