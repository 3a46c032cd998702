import { missingDocblocks } from './docblocks.mjs';
import { importCircles } from './import-circles.mjs';
import { lockFileGaps } from './lock-file.mjs';
import { packageTableFaults } from './package-table.mjs';
import { otherThrowsForms } from './throws-tags.mjs';
import { unusedCode } from './unused.mjs';

/** The house's rules, cheapest first. `npm run check` runs all of them; status 1 where one is broken. */
const checks = {
  'the README names every package': packageTableFaults,
  'the lock file knows the libraries of every platform': lockFileGaps,
  'no file imports itself by way of others': importCircles,
  'errors stand behind @throws': otherThrowsForms,
  'what others can import has a docblock': missingDocblocks,
  'nothing is unused': unusedCode,
};

const root = process.cwd();
for (const [rule, check] of Object.entries(checks)) {
  const start = performance.now();
  const faults = check(root);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${faults.length === 0 ? 'ok    ' : 'broken'} ${rule} (${seconds} s)\n`);
  for (const { file, line, message } of faults) process.stdout.write(`  ${file}:${line}: ${message}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
