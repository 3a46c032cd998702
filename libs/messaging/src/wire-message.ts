import type { Message, SubjectParts } from '@primatrix/contracts';
import { messageSchema, subjectOf } from '@primatrix/contracts';
import { digestOf } from '@primatrix/files';
import { BusError } from './bus-error.ts';

/** Most bytes of a message, below the 1 MiB that NATS servers allow by default. */
export const maxMessageBytes = 512 * 1024;

/**
 * The id of the message about this work: sha256 over stage, family, event, inputs and settings, in any order of
 * members. Inputs are content hashes or whatever else tells the work from other work.
 */
export function messageIdOf(work: SubjectParts & { readonly inputs: unknown; readonly settings: unknown }): string {
  const { stage, family, event, inputs, settings } = work;
  return digestOf({ stage, family, event, inputs, settings });
}

/** A message as it travels. @throws BusError BUS_MESSAGE */
export function encodeMessage(message: Message): { subject: string; data: Uint8Array } {
  const problem = problemOf(message);
  if (problem !== undefined) throw new BusError('BUS_MESSAGE', `publish: ${problem}`);
  const data = new TextEncoder().encode(JSON.stringify(message));
  if (data.byteLength > maxMessageBytes) {
    throw new BusError(
      'BUS_MESSAGE',
      `publish: a message must have at most ${maxMessageBytes} bytes, got ${data.byteLength}`,
      {
        hint: 'store large values as files and refer to them',
      },
    );
  }
  return { subject: subjectOf(message), data };
}

/** Reads what came on a subject; anything that is not a message of that subject is told as a problem. */
export function decodeMessage(subject: string, data: Uint8Array): { message: Message } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    return { problem: 'a message must be JSON in UTF-8' };
  }
  const problem = problemOf(value);
  if (problem !== undefined) return { problem };
  // The value itself, not the schema's copy: members that this version does not know stay, at any depth.
  const message = value as Message;
  const own = subjectOf(message);
  return own === subject ? { message } : { problem: `a message for ${own} must not come on ${subject}` };
}

function problemOf(value: unknown): string | undefined {
  const result = messageSchema.safeParse(value);
  if (result.success) return undefined;
  return `a message must validate: ${result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`;
}
