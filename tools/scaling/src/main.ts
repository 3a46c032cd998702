// node tools/scaling/dist/main.js measure | rehearse | simulate | compare | page; --help on each shows the rest.
import { PrimatrixError, UsageError } from '@primatrix/contracts';
import { runCompare } from './commands/compare.ts';
import { runMeasure } from './commands/measure.ts';
import { runRehearse } from './commands/rehearse.ts';
import { runSimulate } from './commands/simulate.ts';
import { writePage } from './page-file.ts';

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  measure: runMeasure,
  rehearse: runRehearse,
  simulate: runSimulate,
  compare: runCompare,
  page: () => writePage().then(() => 0),
};

// An exit ends the broker and the workers that were started; a signal alone would leave them behind.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  const [name = '', ...args] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined) {
    throw new UsageError('SCALING_COMMAND', `scaling: there is no command '${name}'`, {
      hint: `commands: ${Object.keys(commands).join(', ')}`,
    });
  }
  process.exitCode = await command(args);
} catch (error) {
  // Of a step's process that failed, the code is a number.
  const { code } = error as { readonly code?: unknown };
  const wrongUse = error instanceof UsageError || (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'));
  if (!wrongUse && !(error instanceof PrimatrixError)) throw error;
  const hint = error instanceof PrimatrixError ? error.hint : undefined;
  process.stderr.write(`${(error as Error).message}\n${hint === undefined ? '' : `${hint}\n`}`);
  process.exitCode = wrongUse ? 2 : 1;
}
