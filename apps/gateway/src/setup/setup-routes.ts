import { basename } from 'node:path';
import {
  catalogueEntry,
  findModel,
  listModels,
  modelOffer,
  pullModel,
  readCatalogue,
  tryModel,
  type ModelCard,
} from '@primatrix/models';
import { listInputs, readBundle } from '@primatrix/prediction';
import {
  beginSchema,
  estimateInputSchema,
  estimateSchema,
  setupSchema,
  speedSchema,
  type Estimate,
  type Setup,
  type SourceChoice,
} from '@primatrix/review-api';
import { z } from 'zod';
import { isAskedFromHere, mustBeHere } from '../http/asked-from-here.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { route, type Route } from '../http/route.ts';
import { pastedPath } from '../project/pasted-path.ts';
import { recordsFile } from '../project/review-project.ts';
import { openSource } from './open-source.ts';
import { probe } from './probe.ts';
import type { SetupOptions } from './setup-options.ts';

interface SetupRoutesOptions extends SetupOptions {
  /** Where the project keeps what it has. */
  readonly folder: string;
  /** Called once whoever began the project has been told. */
  readonly told: () => void;
}

/** What can be chosen, what it will cost, and the choice. */
export function setupRoutes(options: SetupRoutesOptions): Route[] {
  const { models, catalogue, bundles, folder, place, clips, folders, startWorker, begin, told } = options;
  /** What was measured: clips that were tried are known afterwards, and cost nothing any more. */
  const estimates = new Map<string, Estimate>();
  let probing = new AbortController();
  let beginning = false;
  return [
    route({
      method: 'GET',
      path: '/api/project',
      summary: 'What can be chosen, as nothing predicts here yet',
      answer: { json: setupSchema },
      handle: async ({ request }) => ({
        setup: {
          keptIn: folder,
          folder: place,
          clips,
          foldersAllowed: folders && isAskedFromHere(request),
          modelsFolder: models,
          ...(await modelsIn(models, catalogue, folders && isAskedFromHere(request))),
          bundles: await readable(bundles),
        },
      }),
    }),
    route({
      method: 'GET',
      path: '/api/setup/models/{name}/speed',
      summary: 'How long one picture takes a model on this machine',
      answer: { json: speedSchema },
      refusals: [422],
      handle: async ({ params }) => tryModel(await findModel(models, basename(params['name'] ?? ''))),
    }),
    route({
      method: 'POST',
      path: '/api/setup/models/{name}/pull',
      summary: 'Download a model of the catalogue; who goes away before it is there stops it',
      answer: { json: z.object({ kept: z.string() }) },
      refusals: [403, 422],
      handle: async ({ params, request, reply }) => {
        mustBeHere(folders, request);
        const entry = catalogueEntry(await readCatalogue(catalogue), params['name'] ?? '');
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        const { kept } = await pullModel(models, entry, tryModel, { signal: gone.signal });
        return { kept: kept.card.name };
      },
    }),
    route({
      method: 'POST',
      path: '/api/setup/estimate',
      summary: 'How long the clips of a folder will take, and what their records need on the disk, by up to 20 of them',
      body: estimateInputSchema,
      answer: { json: estimateSchema },
      refusals: [403, 422],
      handle: async ({ body, request }) => {
        mustBeHere(folders, request);
        const { files } = await listInputs([pastedPath(body.folder)]);
        const key = JSON.stringify([body.source, files.map(({ path }) => path)]);
        const before = estimates.get(key);
        if (before !== undefined) return before;
        const source = await openSource(body.source, models);
        // One at a time: two would measure each other.
        probing.abort();
        const now = (probing = new AbortController());
        const records = recordsFile(folder, source.recordsDigest);
        const worker = startWorker(records, source.place);
        const estimate = await probe(files, worker, now.signal, { records, classes: source.classes });
        if (!now.signal.aborted && estimate.seconds !== null) estimates.set(key, estimate);
        return estimate;
      },
    }),
    route({
      method: 'POST',
      path: '/api/setup/begin',
      summary: 'Open the project with what was chosen; the pages of the project come to the same address',
      body: beginSchema,
      answer: { json: z.object({ begun: z.literal(true) }) },
      refusals: [403, 409, 422, 507],
      handle: async ({ body, request, reply }) => {
        if (body.folder !== undefined || !isOffered(body.source, bundles)) mustBeHere(folders, request);
        if (beginning) throw new HttpProblem(409, 'SETUP_BEGUN', 'the project is being opened already');
        beginning = true;
        probing.abort();
        try {
          await begin(body);
        } catch (error) {
          beginning = false;
          throw error;
        }
        reply.raw.once('close', told);
        return { begun: true } as const;
      },
    }),
  ];
}

/** Whether a choice is one of those that are shown; else it names a place of this machine. */
function isOffered(source: SourceChoice, bundles: readonly string[]): boolean {
  if ('bundle' in source) return bundles.includes(source.bundle);
  return source.models.every((name) => /^[a-z0-9][\w.-]*$/i.test(name));
}

/** @param mayDownload whether models that are not there are offered, too */
async function modelsIn(
  folder: string,
  catalogue: string | undefined,
  mayDownload: boolean,
): Promise<Pick<Setup, 'models' | 'offers' | 'broken'>> {
  const { models, broken } = await listModels(folder);
  const listed = mayDownload ? (await readCatalogue(catalogue)).map(modelOffer) : [];
  return {
    offers: listed.flatMap(({ name, kind, summary, licence, commercialUse, bytes }) => {
      if (!looksByItself(kind) || models.some(({ card }) => card.name === name)) return [];
      return [{ name, kind, summary, licence, commercialUse, bytes }];
    }),
    models: models.flatMap(({ card }) => {
      const { name, version, kind, summary, licence, commercialUse, bytes, data = [] } = card;
      if (!looksByItself(kind)) return [];
      const size = data.reduce((sum, part) => sum + part.bytes, bytes);
      return [{ name, version, kind, summary, licence, commercialUse, bytes: size }];
    }),
    broken: broken.map(({ folder: place, reason }) => `${place}: ${reason}`),
  };
}

/** Encoders learn from labels, and sounds are not shown in the pages. */
function looksByItself(kind: ModelCard['kind']): kind is 'detector' | 'image-classifier' {
  return kind === 'detector' || kind === 'image-classifier';
}

/** Bundles that can be read, with what they know. */
async function readable(bundles: readonly string[]): Promise<Setup['bundles']> {
  const read = await Promise.all(
    bundles.map(async (path) => {
      const bundle = await readBundle(path).catch(() => undefined);
      return bundle === undefined ? [] : [{ path, classes: bundle.manifest.classes }];
    }),
  );
  return read.flat();
}
