/**
 * What a check found: where, and what is wrong there and what to do. Lines count from 1.
 *
 * @typedef {{ readonly file: string, readonly line: number, readonly message: string }} Fault
 */

export {};
