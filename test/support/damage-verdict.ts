import type { Ended } from './command-runner.ts';

/**
 * What is wrong with the way a command took damaged input: nothing, where it did its work or refused in words of its
 * own.
 * @returns undefined, or a sentence with what was printed
 */
export function faultOf({ status, stdout, stderr }: Ended): string | undefined {
  const text = `${stderr}${stdout}`;
  const told = `${status}: ${stderr.slice(0, 1500)}`;
  if (status === 'hang') return `it hangs: ${told}`;
  if (status === 'crash' || ![0, 1, 2].includes(status)) return `it crashes: ${told}`;
  if (text.includes('fault of primatrix')) return `a fault of primatrix: ${told}`;
  if (/^\s+at .*:\d+:\d+\)?$/m.test(text)) return `a stack trace: ${told}`;
  if (status === 2 && !/\[[A-Za-z0-9_-]+\]$/m.test(stderr)) return `a refusal without a code: ${told}`;
  if (/root:x:0|daemon:x:/.test(text)) return `it reads outside: ${told}`;
  return undefined;
}
