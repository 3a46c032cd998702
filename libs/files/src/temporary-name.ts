import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { nameThatFits } from './name-that-fits.ts';

let counter = 0;
let tag: string | undefined;

/** Identifies the machine, or the container, whose process ids ours are: eight hexadecimal digits. */
function machineTag(): string {
  tag ??= createHash('sha256').update(`${hostname()} ${processIds()}`).digest('hex').slice(0, 8);
  return tag;
}

/** Containers have process ids of their own, and may have one name. */
function processIds(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/**
 * A path for what becomes `path` once it is whole: hidden and beside it, as a rename is only atomic within one file system.
 * No other has it: process, machine and a number are in the name, by which {@link temporaryOwner} knows it.
 */
export function temporaryName(path: string): string {
  return join(dirname(path), nameThatFits(`.${basename(path)}`, `.${process.pid}-${counter++}-${machineTag()}.tmp`));
}

/** Whose a temporary file or folder is, by its name; undefined where it is none. */
export interface TemporaryOwner {
  readonly pid: number;
  /** Whether the process is, or was, one of this machine. */
  readonly here: boolean;
}

/** `.<name>.<process id>[-<number>][-<machine>].tmp`; those of earlier versions name no machine, and count as this one's. */
const pattern = /^\..+\.(\d+)(?:-\d+)?(?:-([0-9a-f]{8}))?\.tmp$/;

/**
 * Whose a temporary file or folder is; undefined where {@link temporaryName} has not named it.
 * @param name without the folders above it
 */
export function temporaryOwner(name: string): TemporaryOwner | undefined {
  const [, pid, machine] = pattern.exec(name) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), here: machine === undefined || machine === machineTag() };
}
