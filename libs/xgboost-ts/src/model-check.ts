import { z } from 'zod';
import { XgboostModelError } from './errors.ts';
import { parseUbjson } from './ubjson.ts';

/**
 * Checks a model before XGBoost reads it: its reader trusts child and feature numbers as they stand, and reads beyond its memory or runs in circles
 * when they are wrong.
 * @throws {@link XgboostModelError} unless the model is whole and its trees refer to nothing outside themselves
 */
export function checkModel(bytes: Uint8Array): void {
  const parsed = modelSchema.safeParse(parse(bytes));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'it is no model' };
    throw new XgboostModelError(path.map(String).join('.') || 'whole', message);
  }
  const { learner_model_param: param, gradient_booster: booster } = parsed.data.learner;
  const {
    trees,
    tree_info: owners,
    gbtree_model_param: counts,
  } = booster.name === 'dart' ? booster.gbtree.model : booster.model;
  const outputs = Math.max(1, param.num_class);
  if (trees.length !== counts.num_trees || owners.length !== trees.length) {
    throw new XgboostModelError(
      'trees',
      `there are ${trees.length} trees of ${owners.length} outputs, ${counts.num_trees} were announced`,
    );
  }
  within(owners, 0, outputs - 1, 'tree_info', 'trees');
  if (booster.name === 'dart' && booster.weight_drop.length !== trees.length) {
    throw new XgboostModelError(
      'weight_drop',
      `it must have ${trees.length} values, got ${booster.weight_drop.length}`,
    );
  }
  for (const [number, tree] of trees.entries()) checkTree(tree, param.num_feature, `tree ${number}`);
}

function parse(bytes: Uint8Array): unknown {
  if (bytes[0] !== 0x7b) {
    throw new XgboostModelError('start', 'it is neither JSON nor UBJSON (XGBoost before 1.0 wrote another format)');
  }
  try {
    // UBJSON has the mark of a number behind the brace, JSON a quote or white space.
    const binary = /[iUIlL]/.test(String.fromCharCode(bytes[1] ?? 0));
    return binary
      ? parseUbjson(bytes)
      : parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (cause) {
    throw new XgboostModelError('whole', `it is cut off or damaged: ${(cause as Error).message}`, { cause });
  }
}

/** XGBoost writes NaN and infinite thresholds as words that JSON proper does not have; which number they are does not matter here. */
function parseJson(text: string): unknown {
  return JSON.parse(
    /NaN|Infinity/.test(text)
      ? text.replace(/"(?:[^"\\]|\\.)*"|NaN|-?Infinity/g, (found) => (found.startsWith('"') ? found : '0'))
      : text,
  );
}

type NumberList = ArrayLike<number>;

const numbers = z.custom<NumberList>(
  (value) =>
    (ArrayBuffer.isView(value) && !(value instanceof DataView)) ||
    (Array.isArray(value) && value.every((one) => typeof one === 'number' || typeof one === 'boolean')),
  'must be a list of numbers',
);
/** XGBoost writes its parameters as texts. */
const count = z.coerce
  .number()
  .int()
  .nonnegative()
  .max(2 ** 31 - 1);

const treeSchema = z.object({
  tree_param: z.object({ num_nodes: count.min(1) }),
  left_children: numbers,
  right_children: numbers,
  parents: numbers,
  split_indices: numbers,
  split_conditions: numbers,
  split_type: numbers,
  default_left: numbers,
  base_weights: numbers,
  loss_changes: numbers,
  sum_hessian: numbers,
  categories: numbers,
  categories_nodes: numbers,
  categories_segments: numbers,
  categories_sizes: numbers,
});
type Tree = z.infer<typeof treeSchema>;

const treesSchema = z.object({
  gbtree_model_param: z.object({ num_trees: count }),
  tree_info: numbers,
  trees: z.array(treeSchema),
});

const modelSchema = z.object({
  learner: z.object({
    learner_model_param: z.object({ num_class: count, num_feature: count }),
    gradient_booster: z.discriminatedUnion('name', [
      z.object({ name: z.literal('gbtree'), model: treesSchema }),
      z.object({ name: z.literal('dart'), gbtree: z.object({ model: treesSchema }), weight_drop: numbers }),
    ]),
  }),
});

const perNode = [
  'left_children',
  'right_children',
  'parents',
  'split_indices',
  'split_conditions',
  'split_type',
  'default_left',
  'base_weights',
  'loss_changes',
  'sum_hessian',
] as const;

function checkTree(tree: Tree, features: number, where: string): void {
  const nodes = tree.tree_param.num_nodes;
  for (const name of perNode) {
    if (tree[name].length !== nodes) {
      throw new XgboostModelError(where, `${name} must have ${nodes} values, got ${tree[name].length}`);
    }
  }
  const owned = new Uint8Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const [left, right, parent] = [
      tree.left_children[node] as number,
      tree.right_children[node] as number,
      tree.parents[node] as number,
    ];
    if (node > 0 && !(Number.isInteger(parent) && parent >= 0 && parent < nodes)) {
      throw new XgboostModelError(where, `the parent of node ${node} is ${parent}, which cannot be`);
    }
    if (left === -1 && right === -1) continue;
    for (const child of [left, right]) {
      // The root has no parent and every other node one, so that no way down can come back.
      if (
        !Number.isInteger(child) ||
        child < 1 ||
        child >= nodes ||
        owned[child] === 1 ||
        tree.parents[child] !== node
      ) {
        throw new XgboostModelError(where, `a child of node ${node} is ${child}, which cannot be`);
      }
      owned[child] = 1;
    }
    const feature = tree.split_indices[node] as number;
    if (!Number.isInteger(feature) || feature < 0 || feature >= features) {
      throw new XgboostModelError(where, `node ${node} splits on feature ${feature} of ${features}`);
    }
  }
  checkCategories(tree, nodes, where);
}

function checkCategories(tree: Tree, nodes: number, where: string): void {
  const { categories, categories_nodes: splits, categories_segments: starts, categories_sizes: lengths } = tree;
  if (starts.length !== splits.length || lengths.length !== splits.length) {
    throw new XgboostModelError(where, 'the lists of categories differ in length');
  }
  within(splits, 0, nodes - 1, 'categories_nodes', where);
  within(categories, 0, 2 ** 24, 'categories', where);
  const known = new Set(Array.from(splits));
  for (let node = 0; node < nodes; node++) {
    if (Number(tree.split_type[node]) === 1 && !known.has(node)) {
      throw new XgboostModelError(where, `node ${node} splits by categories that are not there`);
    }
  }
  for (let index = 0; index < splits.length; index++) {
    const [start, length] = [starts[index] as number, lengths[index] as number];
    if (!(start >= 0 && length >= 0 && start + length <= categories.length)) {
      throw new XgboostModelError(where, `the categories of node ${splits[index]} reach beyond the list`);
    }
  }
}

function within(values: NumberList, least: number, most: number, name: string, where: string): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new XgboostModelError(where, `${name} must lie from ${least} to ${most}, got ${value}`);
    }
  }
}
