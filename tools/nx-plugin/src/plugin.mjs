import { stageGraph } from '../../../libs/families/src/stage-graph.mjs';
import { modelProjects } from './model-projects.mjs';
import { commandLineProject, familyTargets, imageTarget, sampleTarget, serveTarget } from './pipeline-targets.mjs';
import { readRunSettings } from './run-settings.mjs';
import { projectsBehind, readPackages } from './workspace-packages.mjs';

/**
 * @typedef {import('./pipeline-targets.mjs').FamilyPackage} FamilyPackage
 * @typedef {import('./pipeline-targets.mjs').PipelineStage} PipelineStage
 * @typedef {import('./run-settings.mjs').RunSettings} RunSettings
 */

/**
 * Infers the training's tasks from the `primatrix` entries of the package.json files. Adding a family adds its
 * tasks; nobody lists them.
 *
 * @type {import('@nx/devkit').CreateNodes}
 */
export const createNodes = [
  '{apps,libs}/**/package.json',
  (files, _options, { workspaceRoot }) => {
    const env = process.env;
    const settings = readRunSettings(env);
    const packages = readPackages(workspaceRoot, files);
    /** @type {FamilyPackage[]} */
    const installed = packages.flatMap((item) => (item.family === undefined ? [] : [{ ...item, family: item.family }]));
    const families = [
      ...installed.filter(({ project, family }) => {
        const asked = family.kind === 'nets' ? settings.only?.includes(project) : undefined;
        return asked ?? family.profiles?.includes(settings.profile) ?? true;
      }),
      ...modelProjects(settings, installed, env),
    ];
    const commandLine = packages.find((item) => item.project === commandLineProject);
    const stages = stagesOf(families, settings);
    /** @type {import('@nx/devkit').CreateNodesResultArray[number][]} */
    const nodes = [];
    for (const [item, own] of stages) {
      const libraries = projectsBehind(packages, ['@primatrix/training', ...item.dependencies]);
      // Nx knows the dependencies of tasks, but `nx affected` follows those of projects.
      const implicitDependencies = [...new Set(own.flatMap(({ needs }) => needs.map(({ project }) => project)))];
      const targets = familyTargets(item, own, { settings, libraries, env });
      // Neighbours look at all clips of a run together, which only who asks for them has.
      if (item.family.kind !== 'neighbours') {
        const serve = serveTarget(item.project, { settings, env });
        // A model runs in the container of any feature family.
        const image = item.modelFolder === undefined ? { image: imageTarget(item.project) } : {};
        Object.assign(targets, { serve, ...image });
      }
      const node = { tags: [`stage:${item.family.kind}`], implicitDependencies, targets };
      // A model has no package that would name its project.
      const named = item.modelFolder === undefined ? node : { ...node, name: item.project };
      nodes.push([item.file || (commandLine?.file ?? ''), { projects: { [item.root]: named } }]);
    }
    // Containers are of every family, whatever profile is trained.
    for (const item of packages) {
      if (item.family === undefined || families.some(({ project }) => project === item.project)) continue;
      nodes.push([item.file, { projects: { [item.root]: { targets: { image: imageTarget(item.project) } } } }]);
    }
    if (commandLine !== undefined)
      nodes.push([
        commandLine.file,
        {
          projects: {
            [commandLine.root]: {
              targets: {
                sample: sampleTarget(),
                serve: serveTarget('--all', { settings, env }),
                image: imageTarget('joiner'),
              },
            },
          },
        },
      ]);
    return nodes;
  },
];

/** The name that Nx 22 looks for. */
export const createNodesV2 = createNodes;

/**
 * The stages of every family that takes part, by its package.
 *
 * @param {readonly FamilyPackage[]} families
 * @param {RunSettings} settings
 * @returns {Map<FamilyPackage, PipelineStage[]>}
 */
function stagesOf(families, { folds, profile, extraColumns }) {
  const byName = new Map(families.map((item) => [item.project, item]));
  const facts = families.map((item) => {
    const { reads, rowsAlone = [], ...facts } = item.family;
    return {
      ...facts,
      name: item.project,
      // --extra-columns chooses among the installed families; a model is asked for by its name.
      rowsAlone:
        (item.modelFolder === undefined ? extraColumns?.includes(item.project) : undefined) ??
        rowsAlone.includes(profile),
      reads: (typeof reads === 'object' ? reads[profile] : reads) ?? [],
    };
  });
  /** @type {Map<FamilyPackage, PipelineStage[]>} */
  const stages = new Map();
  for (const { family, task, needs, alone } of stageGraph(facts, folds)) {
    const item = /** @type {FamilyPackage} */ (byName.get(family));
    const needed = needs.map((id) => {
      const [project = '', task = ''] = id.split(':');
      return { project, task };
    });
    const isOwn = (/** @type {{ readonly project: string }} */ { project }) => project === item.project;
    const own = needed.filter(isOwn).map(({ task }) => task);
    stages.set(item, [...(stages.get(item) ?? []), { task, own, needs: needed.filter((need) => !isOwn(need)), alone }]);
  }
  return stages;
}
