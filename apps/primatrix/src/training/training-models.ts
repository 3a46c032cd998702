import { UsageError } from '@primatrix/contracts';
import { netOver, type Family } from '@primatrix/families';
import { defaultModelsDir, findModel, modelFamily } from '@primatrix/models';

/**
 * Models that are files as families of a training: each makes features, and a net is trained over those that have no columns for the
 * second level, which nothing else would read.
 * @throws ModelError where there is no such model; UsageError `MODEL_NAME` where it is called as something that is there already
 */
export async function trainingModels(
  installed: readonly Family[],
  {
    model: names = [],
    models: dir = defaultModelsDir(),
  }: { readonly model?: readonly string[] | undefined; readonly models?: string | undefined },
): Promise<Family[]> {
  const heads = installed.filter((family) => family.kind === 'nets').filter(({ overModels }) => overModels === true);
  const taken = new Set(installed.map(({ name }) => name));
  const families: Family[] = [];
  for (const given of names) {
    const made = modelFamily(await findModel(dir, given));
    const own = [made, ...(made.rowsAlone === true ? [] : heads.map((net) => netOver(net, made)))];
    for (const { name } of own) {
      if (taken.has(name)) {
        throw new UsageError('MODEL_NAME', `--model ${given}: there is a family '${name}' already`, {
          hint: 'name each model once; keep it under another name with: primatrix models add <folder> --name <name>',
        });
      }
      taken.add(name);
    }
    families.push(...own);
  }
  return families;
}
