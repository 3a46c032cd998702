import { stageGraph, type FamilyFacts, type GraphStage } from '@primatrix/families/stage-graph';
import { familiesBehind } from '@primatrix/prediction';
import { familySet, type Training } from './training.ts';

/** The stages of a training and their needs, as the task graph of Nx has them too. */
function trainingGraph({ families, profile, folds }: Training): GraphStage[] {
  const { metadata, features, nets, neighbours, stacks, ensemble } = familySet(families, profile);
  const facts: FamilyFacts[] = [
    metadata,
    // Those that no net reads are not among them, unless their rows are wanted.
    ...features.map(({ name, kind, background }) => ({
      ...{ name, kind, rowsAlone: true },
      ...(background === undefined ? {} : { madeOf: familiesBehind(background) }),
    })),
    ...nets.map(({ name, kind, settings }) => ({ name, kind, reads: settings[profile].feature })),
    { name: neighbours.name, kind: neighbours.kind, reads: neighbours.settings[profile].nets },
    ...stacks.map(({ name, kind, variants, quick }) => ({
      name,
      kind,
      variants: Object.keys(variants[profile]),
      quick: quick !== undefined,
    })),
    ensemble,
  ];
  return stageGraph(facts, folds);
}

/** What a stage of a training needs, as `family:task`. */
export function needsOf(training: Training, family: string, task: string): readonly string[] {
  const stage = trainingGraph(training).find((found) => found.family === family && found.task === task);
  if (stage === undefined) throw new Error(`training: the stage graph knows no ${family}:${task}`);
  return stage.needs;
}
