import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, inject, it } from 'vitest';
import { filesBelow } from '../support/files-below.ts';
import { run, start } from '../support/primatrix.ts';
import { waitUntil } from '../support/wait-until.ts';

const sample = inject('trainedSample');
const predict = (out: string) => ['predict', join(sample.dataset, 'clips'), '--bundle', sample.bundle, '--out', out];

/** Lines of a journal that are whole. */
const lines = async (journal: string) => (await readFile(journal, 'utf8').catch(() => '')).split('\n').slice(0, -1);

it('refuses a second predict with the same --out at once, naming the first, which is not disturbed', async () => {
  await using folder = await temporaryFolder();
  const out = folder.join('predictions.csv');
  const first = start(predict(out));
  await waitUntil('a clip', async () => (await lines(folder.join('.predictions.csv.journal'))).length > 2, first.ended);
  const second = await run(predict(out));
  expect(second.status).toBe(2);
  expect(second.stderr).toMatch(
    new RegExp(
      `^primatrix: predict: \\S+/predictions\\.csv is being made by another program: predict, process \\d+ on ` +
        `${hostname()}, since \\S+ \\[OUT_IN_USE\\]$`,
      'm',
    ),
  );
  expect((await first.ended).status).toBe(1);
  expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toHaveLength(33);
  expect(await filesBelow(folder.path)).toEqual(['predictions.csv']);
});

it('loses one clip and not all behind it by a damaged line of the journal', async () => {
  await using folder = await temporaryFolder();
  const out = folder.join('predictions.csv');
  const journal = folder.join('.predictions.csv.journal');
  const killed = start(predict(out));
  await waitUntil('twelve clips', async () => (await lines(journal)).length >= 14, killed.ended);
  killed.kill('SIGKILL');
  await killed.ended;
  const whole = await lines(journal);
  const good = whole.filter((line) => line.includes('"record":') && !line.includes('"status":"failed"')).length;
  const damaged = whole.findIndex((line, i) => i > 2 && !line.includes('"status":"failed"'));
  whole[damaged] = (whole[damaged] ?? '').replace('"record":', '"rec\u0000rd":');
  await writeFile(journal, `${whole.join('\n')}\n`);
  const resumed = await run(predict(out));
  expect(resumed.stderr).toContain(`predicted 32 clips, ${good - 1} of them in an earlier run`);
  expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toHaveLength(33);
});
