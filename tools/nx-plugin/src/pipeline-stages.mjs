/**
 * @typedef {import('./workspace-packages.mjs').WorkspacePackage} WorkspacePackage
 * @typedef {import('./workspace-packages.mjs').FamilyEntry} FamilyEntry
 * @typedef {WorkspacePackage & { readonly family: FamilyEntry }} FamilyPackage
 */

/**
 * A stage of the pipeline as a task of a project. It mirrors the stages of `@primatrix/training`, which cannot be
 * asked because the graph is made before anything is built; a test holds the two together.
 *
 * @typedef {object} PipelineStage
 * @property {string} task
 * @property {readonly string[]} own earlier tasks of the same project that it needs
 * @property {readonly { readonly project: string, readonly task: string }[]} needs tasks of other projects
 * @property {boolean} [alone] nothing else may run meanwhile
 */

/**
 * The stages of every family that takes part, by project, each list in an order in which it can run.
 *
 * @param {readonly FamilyPackage[]} families
 * @param {{ readonly folds: number, readonly profile: string }} settings
 * @returns {Map<FamilyPackage, PipelineStage[]>}
 */
export function pipelineStages(families, { folds, profile }) {
  /** @param {FamilyEntry['kind']} kind */
  const ofKind = (kind) => families.filter(({ family }) => family.kind === kind);
  const nets = ofKind('net');
  // As in a training: features that no net reads are not made, unless their rows alone are worth it.
  const features = ofKind('features').filter(
    ({ family }) => family.rowsAlone === true || nets.some((net) => net.family.reads === family.feature),
  );
  const foldTasks = Array.from({ length: folds }, (_, i) => `train-fold-${i + 1}`);
  /** @param {FamilyPackage} stack */
  const variantTasks = (stack) => (stack.family.variants ?? []).map((variant) => `train-${variant}`);
  /** @param {readonly FamilyPackage[]} packages @param {readonly string[]} tasks */
  const each = (packages, tasks) => packages.flatMap(({ project }) => tasks.map((task) => ({ project, task })));

  const ingested = each(ofKind('metadata'), ['ingest']);
  const extracted = each(features, ['features']);
  const quick = ofKind('stack').filter(({ family }) => family.quick === true);
  const stacked = ofKind('stack').flatMap((stack) => each([stack], variantTasks(stack)));

  /** @type {Map<FamilyPackage, PipelineStage[]>} */
  const stages = new Map();
  for (const item of ofKind('metadata')) stages.set(item, [{ task: 'ingest', own: [], needs: [] }]);
  // One extraction makes the features of all families, so that a clip is decoded once: two must not run side by side.
  for (const item of features) stages.set(item, [{ task: 'features', own: [], needs: ingested, alone: true }]);
  for (const item of nets) {
    const read = each(
      features.filter(({ family }) => family.feature === item.family.reads),
      ['features'],
    );
    stages.set(item, [
      ...foldTasks.map((task) => ({ task, own: [], needs: [...ingested, ...read] })),
      { task: 'validate', own: foldTasks, needs: [...ingested, ...read] },
      { task: 'predict', own: [...foldTasks, 'validate'], needs: [...ingested, ...read] },
    ]);
  }
  for (const item of ofKind('neighbours')) {
    const { reads } = item.family;
    const names = (typeof reads === 'object' ? reads[profile] : undefined) ?? [];
    const read = nets.filter(({ project, family }) => names.includes(family.name ?? project));
    stages.set(item, [
      { task: 'means', own: [], needs: [...ingested, ...each(read, ['validate', 'predict'])] },
      { task: 'table', own: ['means'], needs: [...ingested, ...extracted, ...each(nets, ['validate', 'predict'])] },
    ]);
  }
  for (const item of ofKind('stack')) {
    const needs = [...ingested, ...extracted, ...each(ofKind('neighbours'), ['table'])];
    const siteCheck = quick.includes(item) ? [{ task: 'site-check', own: [], needs: [...ingested, ...extracted] }] : [];
    stages.set(item, [...variantTasks(item).map((task) => ({ task, own: [], needs })), ...siteCheck]);
  }
  for (const item of ofKind('ensemble')) {
    const below = [
      ...ingested,
      ...extracted,
      ...each(ofKind('neighbours'), ['means', 'table']),
      ...each(nets, [...foldTasks, 'validate']),
      ...stacked,
    ];
    stages.set(item, [
      { task: 'fit', own: [], needs: [...ingested, ...stacked] },
      { task: 'bundle', own: ['fit'], needs: below },
      { task: 'report', own: ['fit', 'bundle'], needs: [...below, ...each(quick, ['site-check'])] },
    ]);
  }
  return stages;
}
