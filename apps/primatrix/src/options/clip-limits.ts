import { defaultClipLimits, limitVariables } from '@primatrix/video';
import type { Command } from 'commander';
import { positiveNumber } from './parse-option.ts';

type Limit = keyof typeof limitVariables;

const says: Readonly<Record<Limit, string>> = {
  maxPixels: 'largest picture that is decoded, in millions of pixels',
  maxFrames: 'most pictures that are decoded of one clip',
  maxWallSeconds: 'longest that decoding one clip may take, in seconds',
};

/**
 * Adds the options that raise what one clip may cost. They are handed on as environment variables, so that workers that
 * this process starts keep to them too.
 */
export function withClipLimits(command: Command): Command {
  for (const limit of Object.keys(says) as Limit[]) {
    const { option, unit, variable } = limitVariables[limit];
    const fallback = defaultClipLimits[limit] / unit;
    command.option(`${option} <n>`, `${says[limit]} (${variable}, else ${fallback})`, (text) => {
      positiveNumber(text);
      process.env[variable] = text;
      return text;
    });
  }
  return command;
}
