import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataset, readPredictions } from '@primatrix/dataset';
import { readTable } from '@primatrix/feature-table';
import { camtrapFaults, readTextTable, sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { filesBelow, leftovers } from '../support/files-below.ts';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');
const { bundle } = sample;
const sampleClip = join(sample.dataset, 'clips/clip_0001.mp4');
const realClips = sharedData('clips');
const schemas = sharedData('camtrap-dp');

async function rowsOf(folder: string, table: string): Promise<Record<string, string>[]> {
  const { header, rows } = await readTextTable(join(folder, `${table}.csv`));
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
}

describe.skipIf(realClips === undefined || schemas === undefined)(
  'predictions of the 14 real clips and a file that is no clip',
  () => {
    let folder: TemporaryFolder;
    let clips: string;
    let predictions: string;
    let names: string[];

    beforeAll(async () => {
      folder = await temporaryFolder();
      clips = folder.join('clips');
      await mkdir(join(clips, 'ridge, "7"'), { recursive: true });
      names = await readdir(realClips as string);
      for (const [i, name] of names.entries()) {
        names[i] = i < 3 ? `ridge, "7"/${name}` : name;
        await symlink(join(realClips as string, name), join(clips, names[i]));
      }
      await writeFile(join(clips, 'damaged.mp4'), 'no clip');
      names = [...names, 'damaged.mp4'].sort();
      predictions = folder.join('p.json');
      expect(await run(['predict', clips, '--bundle', bundle, '--out', predictions, '--format', 'json'])).toMatchObject(
        { status: 1 },
      );
    });
    afterAll(() => folder.remove());

    const exportTo = (format: string, out: string, ...more: string[]) =>
      run(['export', predictions, '--format', format, '--clips', clips, '--out', folder.join(out), ...more]);

    it('as Camtrap DP pass the schemas of the standard; every clip is there, the damaged one unclassified', async () => {
      await writeFile(
        folder.join('sites.csv'),
        `filename,site,captured_at,latitude,longitude\n"${names.at(-1)?.replaceAll('"', '""')}",hide,2017-02-03T04:05:06,-1.5,30.25\n`,
      );
      const finished = await exportTo(
        'camtrap-dp',
        'package',
        '--sites',
        folder.join('sites.csv'),
        '--time-zone',
        'Africa/Kinshasa',
        '--json',
      );
      expect(finished.status).toBe(0);
      const summary = JSON.parse(finished.stdout) as { clips: number; failed: number; warnings: string[] };
      expect(summary).toMatchObject({ clips: 15, failed: 1 });
      for (const warning of summary.warnings) expect(finished.stderr).toContain(warning);
      expect(await camtrapFaults(folder.join('package'), schemas as string)).toEqual([]);
      const media = await rowsOf(folder.join('package'), 'media');
      expect(media.map((row) => row['filePath']).sort()).toEqual(names);
      const observations = await rowsOf(folder.join('package'), 'observations');
      const of = (name: string) =>
        observations.filter((row) => row['mediaID'] === media.find(({ filePath }) => filePath === name)?.['mediaID']);
      expect(of('damaged.mp4')).toMatchObject([
        {
          observationType: 'unclassified',
          classificationMethod: '',
          observationComments: expect.stringMatching(/damaged\.mp4.*\[not-media\]/),
        },
      ]);
      for (const name of names) expect(of(name).length).toBeGreaterThan(0);
      expect(of(names.at(-1) ?? '')[0]).toMatchObject({
        eventStart: '2017-02-03T04:05:06+01:00',
        eventEnd: '2017-02-03T04:05:21+01:00',
      });
      expect((await rowsOf(folder.join('package'), 'deployments')).map((row) => row['locationName']).sort()).toEqual([
        'clips',
        'clips',
        'hide',
        'ridge, "7"',
        'ridge, "7"',
      ]);
      expect(JSON.stringify([media, observations])).not.toContain(folder.path);
    });

    it('with what people decided as human observations; a table of other clips and formats without a place for it are refused', async () => {
      await writeFile(
        folder.join('review.csv'),
        'filename,decision,species,reviewed_at,reviewed_by\ndamaged.mp4,corrected,duiker|okapi,2026-02-03T04:05:06.789Z,J. Doe\n',
      );
      expect(await exportTo('camtrap-dp', 'reviewed', '--reviews', folder.join('review.csv'))).toMatchObject({
        status: 0,
      });
      expect(await camtrapFaults(folder.join('reviewed'), schemas as string)).toEqual([]);
      const human = (await rowsOf(folder.join('reviewed'), 'observations')).filter(
        (row) => row['classificationMethod'] === 'human',
      );
      expect(human.map((row) => [row['observationTags'], row['classifiedBy'], row['classificationTimestamp']])).toEqual(
        [
          ['class:duiker', 'J. Doe', '2026-02-03T04:05:06Z'],
          ['class:okapi', 'J. Doe', '2026-02-03T04:05:06Z'],
        ],
      );
      expect(await exportTo('csv', 'r.csv', '--reviews', folder.join('review.csv'))).toMatchObject({ status: 2 });
      await writeFile(folder.join('other.csv'), 'filename,decision,species\nelsewhere.mp4,blank,\n');
      const other = await exportTo('camtrap-dp', 'other', '--reviews', folder.join('other.csv'));
      expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('names none of the 15 clips')]);
    });

    it('as MegaDetector results have string categories, frame rates, and the failure', async () => {
      expect(await exportTo('megadetector', 'md.json')).toMatchObject({ status: 0 });
      const results = JSON.parse(await readFile(folder.join('md.json'), 'utf8')) as {
        info: object;
        images: {
          file: string;
          frame_rate: number;
          frames_processed: number[];
          failure?: string;
          detections: object[] | null;
        }[];
      };
      expect(results.info).toMatchObject({ format_version: '1.6' });
      expect(results.images.map(({ file }) => file).sort()).toEqual(names);
      for (const { file, frame_rate, frames_processed, detections, failure } of results.images) {
        if (file === 'damaged.mp4') {
          expect({ detections, failure }).toEqual({
            detections: null,
            failure: expect.stringContaining('[not-media]') as string,
          });
        } else {
          expect([frame_rate >= 18, frames_processed.length > 100, Array.isArray(detections), failure]).toEqual([
            true,
            true,
            true,
            undefined,
          ]);
        }
      }
    });

    it('as COCO Camera Traps, Parquet and CSV have a row a clip', async () => {
      for (const [format, out] of [
        ['coco-camera-traps', 'c.json'],
        ['parquet', 'p.parquet'],
        ['csv', 'p.csv'],
      ] as const) {
        expect(await exportTo(format, out)).toMatchObject({ status: 0 });
      }
      const { images } = JSON.parse(await readFile(folder.join('c.json'), 'utf8')) as {
        images: { file_name: string; corrupt?: true }[];
      };
      expect(images.filter(({ corrupt }) => corrupt).map(({ file_name }) => file_name)).toEqual(['damaged.mp4']);
      expect(images.map(({ file_name }) => file_name).sort()).toEqual(names);
      expect((await readTable(folder.join('p.parquet'))).keys).toEqual(names);
      const csv = await readPredictions(folder.join('p.csv'));
      expect([...csv.filenames].sort()).toEqual(names);
      // Whatever way the numbers went, they are the same.
      await run(['export', folder.join('p.parquet'), '--format', 'csv', '--out', folder.join('q.csv')]);
      const again = await readPredictions(folder.join('q.csv'));
      const row = (table: typeof csv, name: string) => [
        ...table.probabilities.subarray(
          table.filenames.indexOf(name) * table.classes.length,
          (table.filenames.indexOf(name) + 1) * table.classes.length,
        ),
      ];
      for (const name of names) expect(row(again, name)).toEqual(row(csv, name));
    });
  },
);

describe('predict --format', () => {
  it('camtrap-dp writes a folder, whole, and refuses a file in its place before it predicts', async () => {
    await using folder = await temporaryFolder();
    const predict = (out: string) =>
      run(['predict', sampleClip, '--bundle', bundle, '--out', out, '--format', 'camtrap-dp']);
    expect(await predict(folder.join('package'))).toMatchObject({ status: 0 });
    expect(await filesBelow(folder.path)).toEqual(
      ['datapackage.json', 'deployments.csv', 'media.csv', 'observations.csv'].map((name) => `package/${name}`),
    );
    expect((await rowsOf(folder.join('package'), 'observations'))[0]).toMatchObject({
      classifiedBy: expect.stringMatching(/^Primatrix .*bundle [0-9a-f]{12}$/),
      classificationTimestamp: expect.stringMatching(/Z$/),
    });
    expect(leftovers(await filesBelow(folder.path))).toEqual([]);
    await writeFile(folder.join('file'), 'mine');
    const refused = await predict(folder.join('file'));
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(/--out must name a folder for camtrap-dp/);
  });
});

describe('import', () => {
  it("makes a dataset of zamba's labels, with sites, times and where those were read; folds take it", async () => {
    await using folder = await temporaryFolder();
    const clips = join(sample.dataset, 'clips');
    await writeFile(
      folder.join('labels.csv'),
      'filepath,label,site\n' +
        'clip_0001.mp4,chimpanzee,ridge\n' +
        'clip_0002.mp4,chimpanzee,river\n' +
        'clip_0002.mp4,bird,river\n' +
        'relay_20160102_030405.mp4,blank,\n',
    );
    const finished = await run([
      'import',
      folder.join('labels.csv'),
      '--clips',
      clips,
      '--out',
      folder.join('data'),
      '--json',
    ]);
    // One of the clips is not there.
    expect(finished.status).toBe(1);
    expect(JSON.parse(finished.stdout)).toMatchObject({
      clips: 3,
      labelled: 3,
      classes: ['bird', 'blank', 'chimpanzee'],
      missing: ['relay_20160102_030405.mp4'],
    });
    const dataset = await openDataset(folder.join('data'));
    const labelled = dataset.clips.filter(({ split }) => split === 'train');
    expect(labelled.map(({ filename, site, labels }) => [filename, site, [...(labels ?? [])].join('')])).toEqual([
      ['clip_0001.mp4', 'ridge', '001'],
      ['clip_0002.mp4', 'river', '101'],
      ['relay_20160102_030405.mp4', undefined, '010'],
    ]);
    expect(await readFile(folder.join('data/clips.csv'), 'utf8')).toContain(
      'relay_20160102_030405.mp4,,2016-01-02T03:04:05,file-name,,\n',
    );
    expect(
      await run([
        'folds',
        '--labels',
        folder.join('data/train_labels.csv'),
        '--sites',
        folder.join('data/clips.csv'),
        '--folds',
        '2',
        '--json',
      ]),
    ).toMatchObject({ status: 0 });
    // What is there is not written over.
    expect(await run(['import', folder.join('labels.csv'), '--out', folder.join('data')])).toMatchObject({
      status: 2,
      stdout: '',
    });
  });

  it.skipIf(schemas === undefined)("makes a dataset of the standard's example package", async () => {
    await using folder = await temporaryFolder();
    const finished = await run(['import', join(schemas as string, 'example'), '--out', folder.join('data'), '--json']);
    expect(finished.status).toBe(0);
    expect(JSON.parse(finished.stdout)).toMatchObject({
      clips: 423,
      timed: 423,
      classes: expect.arrayContaining(['Ardea cinerea', 'blank', 'human', 'vehicle']) as string[],
    });
    expect((await readFile(folder.join('data/clips.csv'), 'utf8')).split('\n')[1]).toBe(
      '00a2c20d/20200709093328-RCNX0001.JPG,B_HS_val 2_processiepark,2020-05-30T04:57:37+02:00,package,51.496,4.774',
    );
  });
});

describe('inspect', () => {
  it('tells what each family saw, as text and as JSON', async () => {
    const text = await run(['inspect', sampleClip, '--bundle', bundle, '--top', '2']);
    expect(text.status).toBe(0);
    for (const part of [
      /picture +h264 320x180/,
      /Motion by hash/,
      /max_cons_phash \d/,
      /net-imagehash-gru +0\.00 +[a-z]+ 0\.\d{3}, [a-z]+ 0\.\d{3}/,
      /stack-lightgbm-a/,
      /Ensemble .*\n +0\.\d{4}/,
    ]) {
      expect(text.stdout).toMatch(part);
    }
    const json = JSON.parse((await run(['inspect', sampleClip, '--bundle', bundle, '--json'])).stdout) as {
      metadata: { frames: number };
      motion: { frames: number; changedBits: number[] };
      members: { classes: object[] }[];
      final: { probability: number }[];
    };
    expect(json.motion.frames).toBe(json.metadata.frames);
    expect(json.motion.changedBits).toHaveLength(json.metadata.frames - 1);
    for (const { classes } of json.members) expect(classes).toHaveLength(json.final.length);
    expect(json.final.map(({ probability }) => probability)).toEqual(
      json.final.map(({ probability }) => probability).sort((a, b) => b - a),
    );
  });

  it('says what is wrong with a file that is no clip, and ends with 1', async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('bad.mp4'), 'no clip');
    const { status, stdout, stderr } = await run(['inspect', folder.join('bad.mp4'), '--bundle', bundle, '--json']);
    expect(status).toBe(1);
    expect(stderr).toContain('[not-media]');
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: { status: 'failed', fault: 'not-media' },
      metadata: null,
      motion: null,
      final: null,
    });
  });
});

describe('wrong use of these commands ends with 2 and one clear line', () => {
  it.each<[what: string, args: string[], says: RegExp]>([
    [
      'predictions that are none',
      ['export', join(bundle, 'bundle.json'), '--out', '/nonexistent/x'],
      /bundle\.json: these are no predictions/,
    ],
    [
      'a zone that is none',
      ['export', 'p.csv', '--out', '/nonexistent/x', '--time-zone', 'Mars'],
      /no time zone "Mars"/,
    ],
    [
      'a threshold that is none',
      ['export', 'p.csv', '--out', '/nonexistent/x', '--threshold', '2'],
      /from 0 to 1, got '2'/,
    ],
    [
      'a name pattern without groups',
      ['import', 'l.csv', '--out', '/nonexistent/x', '--name-pattern', 'IMG'],
      /must have the group "site"/,
    ],
    ['labels that are not there', ['import', '/nonexistent/l.csv', '--out', '/nonexistent/x'], /\/nonexistent\/l\.csv/],
    [
      'a folder that is no package',
      ['import', join(sample.dataset, 'clips'), '--out', '/nonexistent/x'],
      /datapackage\.json: cannot be read/,
    ],
    [
      'a sheet of nothing',
      ['visualise', 'sheet', '--clips', join(sample.dataset, 'clips'), '--out', '/x.png'],
      /one of --labels and --predictions/,
    ],
    ['a video that is no MP4', ['visualise', 'hashes', sampleClip, sampleClip, '--out', '/x.gif'], /must end in \.mp4/],
    [
      'vectors of no backbone',
      ['visualise', 'vectors', sampleClip, sampleClip, '--out', '/x.mp4', '--backbone', 'image-hash'],
      /image-hash is no backbone/,
    ],
  ])('%s', async (_what, args, says) => {
    const { status, stdout, stderr } = await run(args);
    expect(stderr).toMatch(says);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toMatch(/\n\s+at |node:internal/);
  });
});
