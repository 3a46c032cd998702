import { declaredMemory, familySet, stageId, trainPlan, type Stage, type Training } from '@primatrix/training';
import { writeFeatures, writeIngest, writeMembers, writeNets } from './write-inputs.ts';
import { repeatFold, writeModels } from './write-models.ts';

/** One thing that is rehearsed; each is measured in a process of its own. */
export interface RehearsalStep {
  readonly name: string;
  /** What a whole training does instead, or more of; empty where it does just this. */
  readonly note: string;
  /** @param onRound called after each round that a net or a stacker is fitted for */
  readonly run: (training: Training, onRound: () => void) => Promise<void>;
  /** Bytes that the stage declares to hold at most; absent where inputs are drawn. Asked once the step has run. */
  readonly declares?: (training: Training) => Promise<number>;
}

/** All steps in their order: each finds what those before it left. */
export function rehearsalSteps({ families, profile }: Pick<Training, 'families' | 'profile'>): RehearsalStep[] {
  const { nets, stacks, neighbours, ensemble } = familySet(families, profile);
  const whole = (id: string) => ofStage(id, '', (stage) => stage.run(surroundings));
  return [
    { name: 'ingest', note: 'tables and folds; no clip is probed', run: writeIngest },
    { name: 'features', note: 'indexes and rows, written and read; no clip is decoded', run: writeFeatures },
    ...nets.map(({ name }) =>
      ofStage(`${name}:train-fold-1`, 'one fold, one short epoch, as many batches of validation', (stage, onRound) =>
        stage.run({ ...surroundings, report: onRound }),
      ),
    ),
    { name: 'predictions', note: 'tables of all nets, drawn', run: writeNets },
    { name: 'models', note: 'models of all nets, drawn', run: writeModels },
    whole(`${neighbours.name}:means`),
    whole(`${neighbours.name}:table`),
    ...stacks.flatMap(({ name, variants, quick }) => [
      ...Object.keys(variants[profile]).flatMap((variant) => {
        const id = `${name}:train-${variant}`;
        return [
          ofStage(id, 'one fold', runFold),
          ofStage(
            id,
            'the others: folds read, which are the first one again, and all other clips predicted',
            async (stage, _onRound, training) => {
              await repeatFold(training, `${name}-${variant}`);
              await stage.run(surroundings);
            },
            `${id}:others`,
          ),
        ];
      }),
      ...(quick === undefined ? [] : [whole(`${name}:site-check`)]),
    ]),
    { name: 'members', note: 'tables of all members, drawn', run: writeMembers },
    whole(`${ensemble.name}:fit`),
    whole(`${ensemble.name}:bundle`),
    whole(`${ensemble.name}:report`),
  ];
}

const surroundings = { signal: new AbortController().signal, threads: 1, report: () => {}, key: 'rehearsal' };

/** A step that is the code of a stage. */
function ofStage(
  id: string,
  note: string,
  run: (stage: Stage, onRound: () => void, training: Training) => Promise<unknown>,
  name = id,
): RehearsalStep {
  return {
    name,
    note,
    declares: (training) => declaredMemory(stageOf(training, id)),
    async run(training, onRound) {
      await run(stageOf(training, id), onRound, training);
    },
  };
}

function stageOf(training: Training, id: string): Stage {
  const stage = trainPlan(training).find((candidate) => stageId(candidate) === id);
  if (stage === undefined) throw new RangeError(`scaling: the training has no stage ${id}`);
  return stage;
}

async function runFold(stage: Stage, onRound: () => void, { context }: Training): Promise<void> {
  const run = { ...surroundings, threads: context.threads, report: onRound };
  const [part] = (await stage.parts?.(run)) ?? [];
  await stage.runPart?.(part, run);
}
