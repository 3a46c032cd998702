import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Bucket } from '@primatrix/tensor-store';
import { natsServerAvailable, startS3Server, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { startFleet } from '../support/fleet.ts';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');

/** The second is no clip at all. */
const chosen = ['clip_0002.mp4', 'clip_0003.mp4', 'clip_0001.mp4'];

describe.skipIf(!natsServerAvailable())('clips and tensors in stores', () => {
  it('predicts clips of an object store to the same bytes, and again after all tensors were removed', async () => {
    await using folder = await temporaryFolder();
    await using objects = await startS3Server('clips');
    const bucket = new S3Bucket('clips', { ...objects.access, endpoint: objects.endpoint, region: 'us-east-1' });
    for (const name of chosen) {
      const answer = await bucket.request(`season 1/${name}`, {
        method: 'PUT',
        body: await readFile(join(sample.dataset, 'clips', name)),
      });
      expect(answer.ok).toBe(true);
    }
    // As they come from the listing: one folder, sorted.
    const local = await run([
      'predict',
      ...chosen.toSorted().map((name) => join(sample.dataset, 'clips', name)),
      '--bundle',
      sample.bundle,
      '--out',
      folder.join('local.csv'),
    ]);
    expect(local).toMatchObject({ status: 1 });
    // Reasons name a clip by where it lies.
    const expected = (await readFile(folder.join('local.csv'), 'utf8')).replaceAll(
      `${join(sample.dataset, 'clips')}/`,
      's3://clips/season 1/',
    );

    const env = { ...objects.env, PRIMATRIX_CLIP_CACHE: folder.join('cache') };
    await using fleet = await startFleet({ bundle: sample.bundle, workers: [['--all']], env });
    const predict = (out: string, ...places: string[]) =>
      run(
        [
          'predict',
          ...places,
          '--bundle',
          sample.bundle,
          '--remote',
          '--store',
          fleet.store,
          '--out',
          folder.join(out),
        ],
        { env: { ...fleet.env, ...env } },
      );
    expect(await predict('remote.csv', 's3://clips/season 1/')).toMatchObject({ status: 1 });
    expect(await readFile(folder.join('remote.csv'), 'utf8')).toBe(expected);
    expect((await readdir(folder.join('cache'))).filter((name) => !name.startsWith('.'))).toHaveLength(3);

    // What is kept of answers refers to tensors that are gone: they are made again.
    const listed = await run(['store', 'prune', '--older-than', '0s', '--store', fleet.store, '--dry-run', '--json']);
    const pruned = await run(['store', 'prune', '--older-than', '0s', '--store', fleet.store, '--json']);
    const { files, removed } = JSON.parse(pruned.stdout) as { files: number; removed: { file: string }[] };
    expect(JSON.parse(listed.stdout)).toEqual({ ...(JSON.parse(pruned.stdout) as object), dryRun: true });
    expect(files).toBeGreaterThan(4);
    expect(removed).toHaveLength(files);
    await rm(folder.join('remote.csv'));
    expect(await predict('remote.csv', 's3://clips/season 1/')).toMatchObject({ status: 1 });
    expect(await readFile(folder.join('remote.csv'), 'utf8')).toBe(expected);
    expect(await fleet.deadLetters()).toEqual([]);

    // One that is gone, and one that is named itself.
    const one = await predict('one.json', 's3://clips/season 1/clip_0001.mp4', 's3://clips/season 1/none.mp4');
    expect(one).toMatchObject({ status: 1 });
    expect(one.stderr).toContain('s3://clips/season 1/none.mp4: there is no such object [unreadable]');
    expect(
      await run(['predict', 's3://clips/season 1/', '--bundle', sample.bundle, '--out', folder.join('x.csv')]),
    ).toMatchObject({ status: 2, stderr: expect.stringContaining('need --remote') as string });
    const refused = await run(
      ['predict', 's3://clips/season 1/', '--bundle', sample.bundle, '--remote', '--out', folder.join('x.csv')],
      { env: { ...fleet.env, ...env, AWS_SECRET_ACCESS_KEY: 'wrong' } },
    );
    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/s3:\/\/clips\/season 1\/ cannot be listed: the server answers 403/) as string,
    });
    expect(await fleet.drain()).toEqual([0]);
  });
});
