/**
 * What the stages of a training follow from: what a family is, what it reads, and how many models it fits.
 *
 * @typedef {object} FamilyFacts
 * @property {string} name
 * @property {import('@primatrix/contracts').FamilyKind} kind
 * @property {boolean} [rowsAlone] of features: it takes part even where no net reads it
 * @property {readonly string[]} [madeOf] of features that are made of others: the families of these
 * @property {string | readonly string[]} [reads] of a net: the family whose features; of neighbours: the nets
 * @property {readonly string[]} [variants] of a stacker: its models
 * @property {boolean} [quick] of a stacker: it has settings of a quick model, with which sites are checked
 */

/**
 * A stage of a training.
 *
 * @typedef {object} GraphStage
 * @property {string} family
 * @property {string} task
 * @property {readonly string[]} needs stages that must have run before, as `family:task`
 * @property {boolean} alone nothing else may run meanwhile
 */

/**
 * The stages of a training and what each of them needs. It is told here alone: the training and the tasks of Nx both go by it,
 * and Nx asks before anything is built, so this file is JavaScript and imports nothing.
 *
 * @param {readonly FamilyFacts[]} families those that take part
 * @param {number} folds
 * @returns {GraphStage[]} family by family, each family's in an order in which they can run
 */
export function stageGraph(families, folds) {
  /** @param {FamilyFacts['kind']} kind */
  const ofKind = (kind) => families.filter((family) => family.kind === kind);
  /** @param {readonly FamilyFacts[]} of @param {readonly string[]} tasks */
  const each = (of, tasks) => of.flatMap(({ name }) => tasks.map((task) => `${name}:${task}`));
  /** @param {FamilyFacts} family @param {string} task @param {readonly string[]} needs @returns {GraphStage} */
  const stage = ({ name, kind }, task, needs) => ({
    family: name,
    task,
    needs,
    // One extraction makes the features of all families, so that a clip is decoded once: two must not run side by side.
    alone: kind === 'features',
  });

  const nets = ofKind('nets');
  const neighbours = ofKind('neighbours');
  const stacks = ofKind('stack');
  // Features that no net reads are not made, unless their rows alone are worth it.
  const features = ofKind('features').filter(
    ({ name, rowsAlone }) => rowsAlone === true || nets.some(({ reads }) => reads === name),
  );
  const quick = stacks.filter((family) => family.quick === true);
  const foldTasks = Array.from({ length: folds }, (_, i) => `train-fold-${i + 1}`);
  /** @param {FamilyFacts} family */
  const variantTasks = ({ variants = [] }) => variants.map((variant) => `train-${variant}`);

  const ingested = each(ofKind('ingest'), ['ingest']);
  const extracted = each(features, ['features']);
  const judged = each(nets, ['validate']);
  const stacked = stacks.flatMap((family) => each([family], variantTasks(family)));

  return [
    ...ofKind('ingest').map((family) => stage(family, 'ingest', [])),
    ...features.map((family) =>
      stage(family, 'features', [
        ...ingested,
        ...each(
          features.filter(({ name }) => family.madeOf?.includes(name)),
          ['features'],
        ),
      ]),
    ),
    ...nets.flatMap((net) => {
      const made = features.filter(({ name }) => name === net.reads);
      const trained = [...each(made, ['features']), ...each([net], foldTasks)];
      return [
        ...foldTasks.map((task) => stage(net, task, [...each(made, ['features']), ...ingested])),
        ...['validate', 'predict'].map((task) => stage(net, task, trained)),
      ];
    }),
    ...neighbours.flatMap((family) => {
      const read = nets.filter(({ name }) => family.reads?.includes(name));
      return [
        stage(family, 'means', [...ingested, ...each(read, ['validate', 'predict'])]),
        stage(family, 'table', [
          ...ingested,
          ...extracted,
          ...each(nets, ['validate', 'predict']),
          ...each([family], ['means']),
        ]),
      ];
    }),
    ...stacks.flatMap((family) => [
      ...variantTasks(family).map((task) =>
        stage(family, task, [...ingested, ...extracted, ...each(neighbours, ['table'])]),
      ),
      ...(quick.includes(family) ? [stage(family, 'site-check', [...ingested, ...extracted])] : []),
    ]),
    ...ofKind('ensemble').flatMap((family) => [
      stage(family, 'fit', stacked),
      stage(family, 'bundle', [
        ...each([family], ['fit']),
        ...ingested,
        ...each(neighbours, ['means']),
        ...extracted,
        ...each(nets, [...foldTasks, 'validate']),
        ...stacked,
      ]),
      stage(family, 'report', [
        ...each([family], ['fit', 'bundle']),
        ...each(quick, ['site-check']),
        ...ingested,
        ...each(neighbours, ['table']),
        ...extracted,
        ...judged,
        ...stacked,
      ]),
    ]),
  ];
}
