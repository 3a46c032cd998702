import { LightgbmModelError } from './errors.ts';
import { TextEntries } from './text-entries.ts';

/** LightGBM's own limit on leaves. */
const mostLeaves = 131_072;

/** LightGBM reads no further lines of a tree. */
const mostLinesOfTree = 22;

/** Lists of a tree. Those LightGBM can do without are checked only when present. */
const leafLists = ['leaf_weight', 'leaf_count'];
const nodeLists = ['threshold', 'split_gain', 'internal_value', 'internal_weight', 'internal_count'];
const freeLists = ['shrinkage', 'leaf_const', 'leaf_coeff', 'cat_threshold'];
const requiredOfSplitTrees = ['split_feature', 'threshold', 'left_child', 'right_child'];

/**
 * Checks a model's text before LightGBM reads it: its reader trusts sizes, child numbers and feature numbers as they stand, and reads or predicts beyond its
 * memory when they are wrong.
 * @throws {@link LightgbmModelError} unless the text is whole and refers to nothing outside itself
 */
export function checkModelText(bytes: Uint8Array): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (text.includes(0)) throw new LightgbmModelError('whole', 'it holds a zero byte, so it is no text');
  const endOfTrees = text.indexOf('\nend of trees');
  if (endOfTrees < 0) {
    throw new LightgbmModelError('end', "the line 'end of trees' is missing: the text is cut off or not a model");
  }
  const firstTree = text.indexOf('\nTree=');
  const start = (firstTree >= 0 && firstTree < endOfTrees ? firstTree : endOfTrees) + 1;

  const header = new TextEntries(text, [0, start], { where: 'header', bare: true });
  const classes = header.whole('num_class', 1, 1e6);
  const treesPerRound = header.whole('num_tree_per_iteration', 1, 1e6);
  const features = header.whole('max_feature_idx', 0, 2 ** 31 - 2) + 1;
  const objective = header.get('objective');
  if (objective !== undefined && !/^[a-z]/.test(objective)) {
    throw new LightgbmModelError('header', 'objective is empty or no name');
  }
  const objectiveClasses = /\bnum_class:(\d+)/.exec(objective ?? '')?.[1];
  if (treesPerRound !== classes || (objectiveClasses !== undefined && Number(objectiveClasses) !== classes)) {
    throw new LightgbmModelError(
      'header',
      'num_class, num_tree_per_iteration and objective disagree on the number of classes',
    );
  }
  const sizes = header.integers('tree_sizes');
  if (sizes.length % treesPerRound !== 0) {
    throw new LightgbmModelError('header', `${sizes.length} trees are no whole number of rounds of ${treesPerRound}`);
  }

  let position = start;
  for (const [number, size] of sizes.entries()) {
    const where = `tree ${number}`;
    const end = position + size;
    if (size < 1 || end > endOfTrees + 1) {
      throw new LightgbmModelError(where, `its size ${size} reaches beyond the trees`);
    }
    const title = `Tree=${number}\n`;
    if (text.toString('latin1', position, position + title.length) !== title) {
      throw new LightgbmModelError(where, `it does not start where the header says (byte ${position})`);
    }
    const blank = text.indexOf('\n\n', position);
    if (blank < 0 || blank + 2 > end) throw new LightgbmModelError(where, 'it has no end');
    checkTree(new TextEntries(text, [position + title.length, blank + 1], { where }), features, where);
    position = end;
  }
  if (position !== endOfTrees + 1) {
    throw new LightgbmModelError('header', 'tree_sizes do not add up to the length of the trees');
  }
}

function checkTree(tree: TextEntries, features: number, where: string): void {
  const leaves = tree.whole('num_leaves', 1, mostLeaves);
  const categories = tree.whole('num_cat', 0, mostLeaves);
  if (tree.size > mostLinesOfTree) {
    throw new LightgbmModelError(where, `it has ${tree.size} lines, more than the ${mostLinesOfTree} that are read`);
  }
  requireAll(tree, ['leaf_value'], where);
  checkLength('leaf_value', tree.countNumbers('leaf_value'), leaves, where);
  // Of a tree of one leaf LightGBM reads no more: its other lists are empty.
  if (leaves > 1) {
    requireAll(tree, requiredOfSplitTrees, where);
    for (const name of leafLists) checkNumbers(tree, name, leaves, where);
    for (const name of nodeLists) checkNumbers(tree, name, leaves - 1, where);
    for (const name of freeLists) tree.countNumbers(name);
    within(integers(tree, 'split_feature', leaves - 1, where), 0, features - 1, 'split_feature', where);
    checkChildren(tree, leaves, where);
    checkCategories(tree, leaves, categories, where);
  }
  if (tree.has('is_linear') && tree.whole('is_linear', 0, 1) === 1) checkLinear(tree, leaves, features, where);
}

/** Leaves count from -1 downwards. Each node but the first, and each leaf, is the child of one node. */
function checkChildren(tree: TextEntries, leaves: number, where: string): void {
  // Leaves first, then nodes.
  const seen = new Uint8Array(2 * leaves - 1);
  for (const name of ['left_child', 'right_child']) {
    const children = integers(tree, name, leaves - 1, where);
    for (let node = 0; node < children.length; node++) {
      const child = children[node] as number;
      // LightGBM numbers a node after its parent; anything else could be a circle.
      const possible = child >= -leaves && child < leaves - 1 && !(child >= 0 && child <= node);
      if (!possible || seen[child + leaves] === 1) {
        throw new LightgbmModelError(where, `${name} of node ${node} is ${child}, which cannot be`);
      }
      seen[child + leaves] = 1;
    }
  }
}

function checkCategories(tree: TextEntries, leaves: number, categories: number, where: string): void {
  if (categories > 0) {
    const boundaries = tree.integers('cat_boundaries');
    const rising = boundaries.every((value, index) => value >= (index === 0 ? 0 : (boundaries[index - 1] ?? 0)));
    if (boundaries.length !== categories + 1 || !rising) {
      throw new LightgbmModelError(where, 'cat_boundaries are damaged');
    }
    requireAll(tree, ['cat_threshold'], where);
    checkNumbers(tree, 'cat_threshold', boundaries.at(-1) ?? 0, where);
  }
  if (!tree.has('decision_type')) return;
  const decisions = integers(tree, 'decision_type', leaves - 1, where);
  // Bit 0 of the decision type: the threshold is the number of a set of categories.
  if (!decisions.some((decision) => (decision & 1) === 1)) return;
  const thresholds = tree.words('threshold');
  for (const [node, decision] of decisions.entries()) {
    const index = Number(thresholds[node]);
    if ((decision & 1) === 1 && !(Number.isInteger(index) && index >= 0 && index < categories)) {
      throw new LightgbmModelError(
        where,
        `node ${node} refers to set ${thresholds[node]} of ${categories} sets of categories`,
      );
    }
  }
}

function checkLinear(tree: TextEntries, leaves: number, features: number, where: string): void {
  requireAll(tree, ['leaf_const', 'num_features', 'leaf_features', 'leaf_coeff'], where);
  checkNumbers(tree, 'leaf_const', leaves, where);
  const counts = integers(tree, 'num_features', leaves, where);
  within(counts, 0, features, 'num_features', where);
  const total = counts.reduce((sum, count) => sum + count, 0);
  checkNumbers(tree, 'leaf_coeff', total, where);
  within(integers(tree, 'leaf_features', total, where), 0, features - 1, 'leaf_features', where);
}

function requireAll(tree: TextEntries, names: readonly string[], where: string): void {
  const missing = names.find((name) => !tree.has(name));
  if (missing !== undefined) throw new LightgbmModelError(where, `${missing} is missing`);
}

/** A list that is not there is as long as it should be. */
function checkNumbers(tree: TextEntries, name: string, length: number, where: string): void {
  if (tree.has(name)) checkLength(name, tree.countNumbers(name), length, where);
}

function integers(tree: TextEntries, name: string, length: number, where: string): Float64Array {
  const values = tree.integers(name);
  checkLength(name, values.length, length, where);
  return values;
}

function within(values: Float64Array, least: number, most: number, name: string, where: string): void {
  const bad = values.find((value) => value < least || value > most);
  if (bad !== undefined) throw new LightgbmModelError(where, `${name} must lie from ${least} to ${most}, got ${bad}`);
}

function checkLength(name: string, got: number, length: number, where: string): void {
  if (got !== length) throw new LightgbmModelError(where, `${name} must have ${length} values, got ${got}`);
}
