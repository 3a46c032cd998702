import { basename, join } from 'node:path';
import { userDataFolder } from '../../../libs/files/src/user-folders.mjs';

/**
 * @typedef {import('@nx/devkit').TargetConfiguration} TargetConfiguration
 * @typedef {import('./workspace-packages.mjs').WorkspacePackage} WorkspacePackage
 * @typedef {import('./workspace-packages.mjs').FamilyEntry} FamilyEntry
 * @typedef {WorkspacePackage & { readonly family: FamilyEntry, readonly modelFolder?: string }} FamilyPackage modelFolder: of a model that is files,
 *   and of the nets over it
 * @typedef {import('./run-settings.mjs').RunSettings} RunSettings
 */

/**
 * A stage of the training as a task of a project.
 *
 * @typedef {object} PipelineStage
 * @property {string} task
 * @property {readonly string[]} own earlier tasks of the same project that it needs
 * @property {readonly { readonly project: string, readonly task: string }[]} needs tasks of other projects
 * @property {boolean} alone nothing else may run meanwhile
 */

/** The project of the command line, which runs the stages. */
export const commandLineProject = 'primatrix';

const scripts = 'tools/nx-plugin/src';

/**
 * The targets of one family: one a stage, whose manifest Nx caches, and `train`, which sees to it that what the
 * manifests speak of is there.
 *
 * @param {FamilyPackage} item
 * @param {readonly PipelineStage[]} stages
 * @param {{ readonly settings: RunSettings, readonly libraries: readonly string[], readonly env: NodeJS.ProcessEnv }} context
 *   libraries: projects whose code the stages run
 * @returns {Record<string, TargetConfiguration>}
 */
export function familyTargets(item, stages, { settings, libraries, env }) {
  const family = item.project;
  const tasks = stages.map((stage) => stage.task);
  const alone = stages.some((stage) => stage.alone);
  /** @param {{ readonly restored: readonly string[], readonly run: readonly string[] }} stages */
  const command = ({ restored, run }) => {
    const { dataset, profile, folds, seed, models, passedOn } = settings;
    const restoredOption = restored.length === 0 ? [] : ['--restored', restored.join(',')];
    const words = [
      family,
      ...run,
      ...restoredOption,
      '--dataset',
      dataset,
      '--profile',
      profile,
      '--folds',
      `${folds}`,
      '--seed',
      seed,
      ...models.flatMap((name) => ['--model', name]),
      ...passedOn.flatMap(([option, value]) => [`--${option}`, value]),
    ];
    return [`node ${scripts}/run-stages.mjs`, ...words.map(shellWord)].join(' ');
  };

  /** @type {Record<string, TargetConfiguration>} */
  const targets = {};
  for (const { task, own, needs } of stages) {
    targets[task] = {
      command: command({ restored: own, run: [task] }),
      cache: true,
      parallelism: !alone,
      dependsOn: [{ projects: [commandLineProject], target: 'build' }, ...own, ...dependsOn(needs)],
      inputs: [
        'production',
        { input: 'production', projects: [...libraries] },
        ...placesOf(settings).map((place) => ({ runtime: `node ${scripts}/folder-digest.mjs ${shellWord(place)}` })),
        ...(item.family.kind === 'features'
          ? [{ runtime: `node ${scripts}/folder-digest.mjs ${shellWord(item.modelFolder ?? weightsFolder(env))}` }]
          : []),
        { dependentTasksOutputFiles: 'artifacts/*/stages/**/*.json' },
        // package-lock.json is part of `production`.
        { externalDependencies: [] },
      ],
      outputs: [`{workspaceRoot}/artifacts/${basename(settings.dataset)}/stages/${family}/${task}.json`],
      metadata: { description: `Stage ${family}:${task} of the training` },
    };
  }
  if (item.family.kind === 'ingest' && settings.sample) {
    targets['ingest']?.dependsOn?.push({ projects: [commandLineProject], target: 'sample' });
  }
  targets['train'] = {
    // Only the stage itself knows whether all tensors are there: a manifest of features names their index alone.
    command: command(item.family.kind === 'features' ? { restored: [], run: tasks } : { restored: tasks, run: [] }),
    cache: false,
    parallelism: !alone,
    dependsOn: tasks,
    metadata: { description: `Trains what of ${family} is not there yet` },
  };
  return targets;
}

/**
 * A task waits for the tasks it needs, whose manifests are part of its hash, and for their project's `train`, which
 * sees to it that the files are there too.
 *
 * @param {PipelineStage['needs']} needs
 */
function dependsOn(needs) {
  const projects = [...new Set(needs.map(({ project }) => project))];
  return [...needs, ...projects.map((project) => ({ project, task: 'train' }))].map(({ project, task }) => ({
    projects: [project],
    target: task,
  }));
}

/**
 * Serves a family of the trained bundle on the server that NATS_URL names.
 *
 * @param {string} family its name, or `--all`
 * @param {{ readonly settings: RunSettings, readonly env: NodeJS.ProcessEnv }} context
 * @returns {TargetConfiguration}
 */
export function serveTarget(family, { settings, env }) {
  const bundle = env['PRIMATRIX_BUNDLE'] ?? `artifacts/${basename(settings.dataset)}/bundle`;
  return {
    command: `node apps/primatrix/bin/primatrix.js serve ${family} --bundle ${shellWord(bundle)}`,
    cache: false,
    continuous: true,
    dependsOn: [{ projects: [commandLineProject], target: 'build' }],
    metadata: { description: `Serves ${family === '--all' ? 'every family of the bundle' : family} on NATS_URL` },
  };
}

/**
 * Makes the folder that a service's container is built from and, where a container engine answers, the container.
 *
 * @param {string} service as `primatrix serve` calls it
 * @returns {TargetConfiguration}
 */
export function imageTarget(service) {
  return {
    command: `node tools/deploy/dist/main.js image ${service}`,
    cache: false,
    dependsOn: [commandLineProject, 'deploy'].map((project) => ({ projects: [project], target: 'build' })),
    metadata: { description: `Builds the container of ${service}` },
  };
}

/** @returns {TargetConfiguration} */
export function sampleTarget() {
  return {
    command: `node ${scripts}/make-sample.mjs`,
    cache: false,
    dependsOn: ['build'],
    metadata: { description: 'Draws the sample dataset where it is missing' },
  };
}

/**
 * Folders and tables that a training reads. Other values that name none have the digest of what is not there.
 * @param {RunSettings} settings
 */
function placesOf({ dataset, passedOn }) {
  const places = ['clips', 'labels', 'test', 'time-order', 'stand-in'];
  return [
    dataset,
    ...passedOn.flatMap(([option, value]) => (places.includes(option) ? [value.slice(value.indexOf('=') + 1)] : [])),
  ];
}

/**
 * Where `@primatrix/backbones` keeps imported weights: it is not built yet when this is asked.
 * @param {NodeJS.ProcessEnv} env
 */
function weightsFolder(env) {
  return env['PRIMATRIX_WEIGHTS'] ?? join(userDataFolder({ env }), 'weights');
}

/** @param {string} text */
function shellWord(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
