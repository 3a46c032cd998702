import { familySet, stageId, trainPlan, type Training } from '@primatrix/training';
import { writeFeatures, writeIngest, writeMembers, writeNets } from './write-inputs.ts';

/** One thing that is rehearsed; each is measured in a process of its own. */
export interface RehearsalStep {
  readonly name: string;
  /** What a whole training does instead, or more of; empty where it does just this. */
  readonly note: string;
  /** @param onRound called after each round that a stacker is fitted for */
  readonly run: (training: Training, onRound: () => void) => Promise<void>;
}

/** All steps in their order: each finds what those before it left. */
export function rehearsalSteps({ families, profile }: Pick<Training, 'families' | 'profile'>): RehearsalStep[] {
  const { stacks, neighbours, ensemble } = familySet(families, profile);
  const whole = (id: string): RehearsalStep => ({ name: id, note: '', run: (training) => runWhole(training, id) });
  return [
    { name: 'ingest', note: 'tables and folds; no clip is probed', run: writeIngest },
    { name: 'features', note: 'indexes and rows, written and read; no clip is decoded', run: writeFeatures },
    { name: 'predictions', note: 'tables of all nets, drawn', run: writeNets },
    whole(`${neighbours.name}:means`),
    whole(`${neighbours.name}:table`),
    ...stacks.flatMap((family) =>
      Object.keys(family.variants[profile]).map((variant): RehearsalStep => {
        const id = `${family.name}:train-${variant}`;
        return { name: id, note: 'one fold', run: (training, onRound) => runFold(training, id, onRound) };
      }),
    ),
    { name: 'members', note: 'tables of all members, drawn', run: writeMembers },
    whole(`${ensemble.name}:fit`),
  ];
}

function stageOf(training: Training, id: string) {
  const stage = trainPlan(training).find((candidate) => stageId(candidate) === id);
  if (stage === undefined) throw new RangeError(`scaling: the training has no stage ${id}`);
  return stage;
}

const surroundings = (training: Training) => ({
  signal: new AbortController().signal,
  threads: training.context.threads,
  report: () => {},
  key: 'rehearsal',
});

async function runWhole(training: Training, id: string): Promise<void> {
  await stageOf(training, id).run(surroundings(training));
}

async function runFold(training: Training, id: string, onRound: () => void): Promise<void> {
  const stage = stageOf(training, id);
  const [part] = (await stage.parts?.(surroundings(training))) ?? [];
  await stage.runPart?.(part, { ...surroundings(training), report: onRound });
}
