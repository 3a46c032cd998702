import { UsageError } from '@primatrix/contracts';
import { netOver, type Family } from '@primatrix/families';
import { defaultModelsDir, findModel, leadingDetector, modelFamiliesLedBy } from '@primatrix/models';

/**
 * Models that are files as families of a training: each makes features, and a net is trained over those that have no columns for the
 * second level, which nothing else would read.
 * @throws ModelError where there is no such model, or the one to lead encoders is no detector; UsageError `MODEL_NAME` where it is called as something that is there already
 */
export async function trainingModels(
  installed: readonly Family[],
  {
    model: names = [],
    models: dir = defaultModelsDir(),
    lookWith,
  }: {
    readonly model?: readonly string[] | undefined;
    readonly models?: string | undefined;
    /** A detector that leads the encoders. */
    readonly lookWith?: string | undefined;
  },
): Promise<Family[]> {
  const heads = installed.filter((family) => family.kind === 'nets').filter(({ overModels }) => overModels === true);
  const taken = new Set(installed.map(({ name }) => name));
  const families: Family[] = [];
  const detector = lookWith === undefined ? undefined : leadingDetector(await findModel(dir, lookWith));
  const folders = await Promise.all(names.map((name) => findModel(dir, name)));
  for (const [i, made] of modelFamiliesLedBy(folders, detector).entries()) {
    const given = names[i] as string;
    const own = [made, ...(made.rowsAlone !== undefined ? [] : heads.map((net) => netOver(net, made)))];
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
