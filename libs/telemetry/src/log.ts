import { withoutPasswords } from './without-passwords.ts';

/** How much a log line matters. */
export type LogLevel = 'info' | 'warn' | 'error';
/** Facts of an event by name; what is undefined or null is left out. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where events are told: `info` for work that is done, `warn` for what is tried again, `error` for what was given up. */
export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/**
 * One JSON object a line: `time` (ISO 8601), `level`, `message` and the fields. Addresses lose their passwords.
 * @param write given each line with its end
 */
export function jsonLog(write: (line: string) => void, now: () => Date): Log {
  return logOf((level, message, fields) =>
    write(`${JSON.stringify({ time: now().toISOString(), level, message, ...Object.fromEntries(fields) })}\n`),
  );
}

/** Lines for people: the message, then `name=value`; content hashes are cut to twelve digits. Addresses lose their passwords. */
export function textLog(write: (line: string) => void): Log {
  const prefixes = { info: '', warn: 'warning: ', error: 'error: ' };
  return logOf((level, message, fields) => {
    const facts = fields.map(([name, value]) => ` ${name}=${textOf(value)}`).join('');
    write(`${prefixes[level]}${message}${facts === '' ? '' : ` ${facts}`}\n`);
  });
}

function logOf(tell: (level: LogLevel, message: string, fields: readonly (readonly [string, unknown])[]) => void): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      const known = Object.entries(fields).filter(([, value]) => value != null);
      tell(
        level,
        withoutPasswords(message),
        known.map(([name, value]) => [name, typeof value === 'string' ? withoutPasswords(value) : value]),
      );
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

function textOf(value: unknown): string {
  const text = String(value).replace(/^([0-9a-f]{12})[0-9a-f]{52}$/, '$1');
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
