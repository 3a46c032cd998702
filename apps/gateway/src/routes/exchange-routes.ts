import { Readable } from 'node:stream';
import { builtInTaxa, cocoCameraTrapsText, megaDetectorText, type ClipRecord } from '@primatrix/exchange';
import { packageOf } from '@primatrix/files';
import { camtrapExportSchema, clipFilterSchema } from '@primatrix/review-api';
import { camtrapZip } from '../exports/camtrap-zip.ts';
import { clipRecords } from '../exports/clip-records.ts';
import { predictionRows } from '../exports/prediction-rows.ts';
import { ClipFinder } from '../clips/find-clips.ts';
import type { ReviewProject } from '../project/review-project.ts';
import { route, type Route } from '../http/route.ts';

const { version } = packageOf(import.meta.url);
const software = { title: 'Primatrix', version };
const classifier = `Primatrix ${version}`;
/** Least probability of a species that is reported, as `primatrix export` has it by default. */
const threshold = 0.5;

interface ExportFacts {
  readonly caveats: readonly string[];
  /** ISO 8601, whole seconds, UTC. */
  readonly now: string;
}

/** Predictions and decisions in formats of other tools; failed clips are in each, clips of which nobody has said anything in none. */
export function exchangeRoutes(project: ReviewProject): Route[] {
  const finder = new ClipFinder(project.table, project.opinions);
  const { classes } = project.table;
  const facts = (): ExportFacts => ({
    caveats: project.describe().warnings,
    now: `${project.now().toISOString().slice(0, 19)}Z`,
  });
  const attached = (name: string, type: string) => ({
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  });
  const json = (name: string, summary: string, textOf: (records: readonly ClipRecord[], of: ExportFacts) => string) =>
    route({
      method: 'GET',
      path: `/api/export/${name}`,
      summary,
      query: clipFilterSchema,
      answer: { media: 'application/json', says: summary },
      refusals: [422],
      handle: ({ query, reply, me }) =>
        reply
          .headers(attached(name, 'application/json'))
          .send(textOf(finder.find(query, me.name).flatMap(clipRecords), facts())),
    });
  return [
    json(
      'megadetector.json',
      'Predictions and decisions as MegaDetector results 1.6, for Timelapse',
      (records, { caveats, now }) =>
        megaDetectorText(records, classes, {
          taxa: builtInTaxa,
          classifier,
          caveats,
          completedAt: now.slice(0, 19).replace('T', ' '),
        }),
    ),
    json('coco-camera-traps.json', 'Predictions and decisions as COCO Camera Traps', (records, { caveats, now }) =>
      cocoCameraTrapsText(records, classes, { taxa: builtInTaxa, threshold, classifier, created: now, caveats }),
    ),
    route({
      method: 'GET',
      path: '/api/export/predictions.json',
      summary: 'Predictions with boxes of detectors, as `primatrix export` reads them',
      query: clipFilterSchema,
      answer: { media: 'application/json', says: 'What `primatrix predict --format json` writes' },
      refusals: [422],
      handle: ({ query, reply }) => {
        const parts = predictionRows(finder.find(query), classes, facts().caveats);
        return reply
          .headers(attached('predictions.json', 'application/json'))
          .send(Readable.from(parts, { objectMode: false }));
      },
    }),
    route({
      method: 'GET',
      path: '/api/export/camtrap-dp.zip',
      summary: 'Predictions and decisions as a Camtrap DP 1.0 data package in one file',
      query: camtrapExportSchema,
      answer: { media: 'application/zip', says: 'The package; put its files into the folder with the clips' },
      refusals: [422],
      handle: ({ query: { timeZone, localClock, contributor, title, ...filter }, reply, me }) => {
        const { caveats, now } = facts();
        const zip = camtrapZip(finder.find(filter, me.name).flatMap(clipRecords), classes, {
          timeZone,
          localClock: localClock === 'true',
          contributor,
          title: title ?? project.describe().name,
          settings: {
            ...{ taxa: builtInTaxa, threshold, classifiedBy: classifier, created: now, software, caveats },
            eventGapMinutes: filter.events,
          },
        });
        return reply.headers(attached('camtrap-dp.zip', 'application/zip')).send(zip);
      },
    }),
  ];
}
