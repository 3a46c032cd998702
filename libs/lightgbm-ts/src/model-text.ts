import { LightgbmModelError } from './errors.ts';

type Entries = ReadonlyMap<string, string>;

/** LightGBM's own limit on leaves. */
const mostLeaves = 131_072;

/** LightGBM reads no further lines of a tree. */
const mostLinesOfTree = 22;

/** Arrays of a tree: name to its length. Those LightGBM can do without are checked only when present. */
const leafArrays = ['leaf_weight', 'leaf_count'];
const nodeArrays = [
  'split_feature',
  'threshold',
  'decision_type',
  'left_child',
  'right_child',
  'split_gain',
  'internal_value',
  'internal_weight',
  'internal_count',
];
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

  const header = entriesOf(text.toString('utf8', 0, start), 'header');
  const classes = whole(header, 'num_class', 'header', 1, 1e6);
  const treesPerRound = whole(header, 'num_tree_per_iteration', 'header', 1, 1e6);
  const features = whole(header, 'max_feature_idx', 'header', 0, 2 ** 31 - 2) + 1;
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
  const sizes = integers(header, 'tree_sizes', 'header');
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
    const tree = text.toString('latin1', position, end);
    const title = `Tree=${number}\n`;
    if (!tree.startsWith(title)) {
      throw new LightgbmModelError(where, `it does not start where the header says (byte ${position})`);
    }
    const blank = tree.indexOf('\n\n');
    if (blank < 0) throw new LightgbmModelError(where, 'it has no end');
    checkTree(entriesOf(tree.slice(title.length, blank + 1), where), features, where);
    position = end;
  }
  if (position !== endOfTrees + 1) {
    throw new LightgbmModelError('header', 'tree_sizes do not add up to the length of the trees');
  }
}

function checkTree(tree: Entries, features: number, where: string): void {
  const leaves = whole(tree, 'num_leaves', where, 1, mostLeaves);
  const categories = whole(tree, 'num_cat', where, 0, mostLeaves);
  if (tree.size > mostLinesOfTree) {
    throw new LightgbmModelError(where, `it has ${tree.size} lines, more than the ${mostLinesOfTree} that are read`);
  }
  requireAll(tree, ['leaf_value'], where);
  checkLengths(tree, ['leaf_value'], leaves, where);
  checkNumbers(tree, 'leaf_value', where);
  // Of a tree of one leaf LightGBM reads no more: its other lists are empty.
  if (leaves > 1) {
    requireAll(tree, requiredOfSplitTrees, where);
    checkLengths(tree, leafArrays, leaves, where);
    for (const name of [...leafArrays, ...nodeArrays, 'shrinkage', 'leaf_const', 'leaf_coeff', 'cat_threshold']) {
      checkNumbers(tree, name, where);
    }
    checkLengths(tree, nodeArrays, leaves - 1, where);
    within(integers(tree, 'split_feature', where), 0, features - 1, 'split_feature', where);
    checkChildren(tree, leaves, where);
    checkCategories(tree, categories, where);
  }
  if (tree.has('is_linear') && whole(tree, 'is_linear', where, 0, 1) === 1) checkLinear(tree, leaves, features, where);
}

/** Leaves count from -1 downwards. Each node but the first, and each leaf, is the child of one node. */
function checkChildren(tree: Entries, leaves: number, where: string): void {
  const seen = new Set<number>();
  for (const name of ['left_child', 'right_child']) {
    for (const [node, child] of integers(tree, name, where).entries()) {
      // LightGBM numbers a node after its parent; anything else could be a circle.
      if (child < -leaves || child >= leaves - 1 || (child >= 0 && child <= node) || seen.has(child)) {
        throw new LightgbmModelError(where, `${name} of node ${node} is ${child}, which cannot be`);
      }
      seen.add(child);
    }
  }
}

function checkCategories(tree: Entries, categories: number, where: string): void {
  if (categories > 0) {
    const boundaries = integers(tree, 'cat_boundaries', where);
    const rising = boundaries.every((value, index) => value >= (index === 0 ? 0 : (boundaries[index - 1] ?? 0)));
    if (boundaries.length !== categories + 1 || !rising) {
      throw new LightgbmModelError(where, 'cat_boundaries are damaged');
    }
    requireAll(tree, ['cat_threshold'], where);
    checkLengths(tree, ['cat_threshold'], boundaries.at(-1) ?? 0, where);
  }
  const thresholds = list(tree, 'threshold');
  for (const [node, decision] of integers(tree, 'decision_type', where).entries()) {
    const index = Number(thresholds[node]);
    // Bit 0 of the decision type: the threshold is the number of a set of categories.
    if ((decision & 1) === 1 && !(Number.isInteger(index) && index >= 0 && index < categories)) {
      throw new LightgbmModelError(
        where,
        `node ${node} refers to set ${thresholds[node]} of ${categories} sets of categories`,
      );
    }
  }
}

function checkLinear(tree: Entries, leaves: number, features: number, where: string): void {
  requireAll(tree, ['leaf_const', 'num_features', 'leaf_features', 'leaf_coeff'], where);
  checkLengths(tree, ['leaf_const', 'num_features'], leaves, where);
  const counts = integers(tree, 'num_features', where);
  within(counts, 0, features, 'num_features', where);
  const total = counts.reduce((sum, count) => sum + count, 0);
  checkLengths(tree, ['leaf_features', 'leaf_coeff'], total, where);
  within(integers(tree, 'leaf_features', where), 0, features - 1, 'leaf_features', where);
}

function requireAll(tree: Entries, names: readonly string[], where: string): void {
  const missing = names.find((name) => !tree.has(name));
  if (missing !== undefined) throw new LightgbmModelError(where, `${missing} is missing`);
}

function entriesOf(text: string, where: string): Entries {
  const entries = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const equals = line.indexOf('=');
    // Two lines of the header have no value: the model's kind, and a flag.
    if (equals < 0 && where !== 'header') {
      throw new LightgbmModelError(where, `the line ${JSON.stringify(line.slice(0, 80))} has no value`);
    }
    const name = equals < 0 ? line : line.slice(0, equals);
    if (entries.has(name)) throw new LightgbmModelError(where, `${name.slice(0, 40)} stands there twice`);
    entries.set(name, equals < 0 ? '' : line.slice(equals + 1));
  }
  return entries;
}

function list(entries: Entries, name: string): string[] {
  return (entries.get(name) ?? '').split(' ').filter((word) => word !== '');
}

function whole(entries: Entries, name: string, where: string, least: number, most: number): number {
  const word = entries.get(name) ?? 'nothing';
  const value = Number(word);
  if (!/^\d+$/.test(word) || value < least || value > most) {
    throw new LightgbmModelError(
      where,
      `${name} must be a whole number from ${least} to ${most}, got ${word.slice(0, 40)}`,
    );
  }
  return value;
}

function integers(entries: Entries, name: string, where: string): number[] {
  return list(entries, name).map((word) => {
    if (!/^-?\d+$/.test(word)) {
      throw new LightgbmModelError(where, `${name} must hold whole numbers, got ${word.slice(0, 40)}`);
    }
    return Number(word);
  });
}

/** LightGBM aborts the process over some texts that are no numbers. */
function checkNumbers(entries: Entries, name: string, where: string): void {
  const bad = list(entries, name).find((word) => !/^[-+]?(\d+\.?\d*(e[-+]?\d+)?|inf|nan)$/i.test(word));
  if (bad !== undefined) throw new LightgbmModelError(where, `${name} must hold numbers, got ${bad.slice(0, 40)}`);
}

function within(values: readonly number[], least: number, most: number, name: string, where: string): void {
  const bad = values.find((value) => value < least || value > most);
  if (bad !== undefined) throw new LightgbmModelError(where, `${name} must lie from ${least} to ${most}, got ${bad}`);
}

function checkLengths(tree: Entries, names: readonly string[], length: number, where: string): void {
  for (const name of names) {
    if (!tree.has(name)) continue;
    const got = list(tree, name).length;
    if (got !== length) throw new LightgbmModelError(where, `${name} must have ${length} values, got ${got}`);
  }
}
