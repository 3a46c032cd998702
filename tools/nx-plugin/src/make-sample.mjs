// Draws the sample dataset where it is missing.
import { existsSync } from 'node:fs';
import { sampleDataset } from './run-settings.mjs';

if (!existsSync(`${sampleDataset}/train_labels.csv`)) {
  const commandLine = new URL('../../../apps/primatrix/dist/main.js', import.meta.url);
  /** @type {{ run(args: readonly string[]): Promise<number> }} */
  const { run } = await import(commandLine.href);
  process.exitCode = await run(['sample', '--out', sampleDataset]);
}
