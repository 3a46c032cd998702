import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PrimatrixError, UsageError } from '@primatrix/contracts';
import { describeHolder, digestOf, takeLock } from '@primatrix/files';
import { engineVersions } from './engine-versions.ts';
import { missingOutput, readManifest, resultDigest, writeManifest } from './stage-manifest.ts';
import { stageId, type Stage, type StageRun } from './stage.ts';

/** A stage cannot run, or failed. */
export class StageError extends PrimatrixError {}

/**
 * Digest of everything that a stage's result depends on.
 * @throws StageError `STAGE_NEEDS` where a needed stage has not run or its files are gone
 */
async function stageKey(artifacts: string, stage: Stage): Promise<string> {
  const needs: Record<string, string> = {};
  for (const id of stage.needs) needs[id] = await neededResult(artifacts, stage, id);
  return digestOf({ stage: stageId(stage), engines: engineVersions, inputs: await stage.inputs(), needs });
}

/** What is known of a stage's result. */
export interface StageState {
  readonly key: string;
  /** What is wrong with what lies there; undefined where it is all there. */
  readonly lacks: string | undefined;
}

/**
 * Whether a stage's result is there: same inputs, same results of the stages it needs, and every file in place.
 * @param justMade whether it is just looked for what was left a moment ago: clips that a stage would try again are not asked for
 * @throws StageError `STAGE_NEEDS`
 */
export async function stageState(artifacts: string, stage: Stage, { justMade = false } = {}): Promise<StageState> {
  const key = await stageKey(artifacts, stage);
  const known = await readManifest(artifacts, stage.project, stage.task);
  const lacks =
    known === undefined
      ? 'it has not run'
      : known.key !== key
        ? 'it was made from something else'
        : ((await missingOutput(artifacts, known)) ?? (justMade ? undefined : await stage.verify?.()));
  return { key, lacks };
}

/**
 * Runs a stage unless its result is already there: same inputs, same results of the stages it needs, and
 * every file still in place.
 *
 * @returns whether the work was done now or found done
 * @throws StageError `STAGE_NEEDS` where a needed stage has not run or its files are gone; UsageError `STAGE_IN_USE`
 */
export async function runStage(artifacts: string, stage: Stage, run: StageRun): Promise<'done' | 'cached'> {
  const { key, lacks } = await stageState(artifacts, stage);
  if (lacks === undefined) {
    await clearLock(artifacts, stage);
    return 'cached';
  }
  run.signal.throwIfAborted();
  await using _lock = await lockStage(artifacts, stage);
  const result = await stage.run({ ...run, key });
  await writeManifest(artifacts, stage.project, stage.task, key, result);
  return 'done';
}

/**
 * Does one of the parts that {@link Stage.parts} named, here or on another machine.
 * @throws StageError `STAGE_NEEDS`; UsageError `STAGE_IN_USE` where another does this very part
 */
export async function runPart(artifacts: string, stage: Stage, part: unknown, run: StageRun): Promise<void> {
  const key = await stageKey(artifacts, stage);
  run.signal.throwIfAborted();
  await using _lock = await lockStage(artifacts, stage, digestOf(part).slice(0, 12));
  await stage.runPart?.(part, { ...run, key });
}

function lockPath(artifacts: string, { project, task }: Stage, part?: string): string {
  return join(artifacts, `stages/${project}/.${task}${part === undefined ? '' : `-${part}`}.lock`);
}

/** Who was killed just after a stage was done leaves its lock, which nobody would take over any more. */
async function clearLock(artifacts: string, stage: Stage): Promise<void> {
  const path = lockPath(artifacts, stage);
  if (!existsSync(path)) return;
  const lock = await takeLock(path, 'training');
  if (lock.held) await lock[Symbol.asyncDispose]();
}

/** Two trainings into one folder would write the same files, from other settings perhaps. */
async function lockStage(artifacts: string, stage: Stage, part?: string): Promise<AsyncDisposable> {
  const lock = await takeLock(lockPath(artifacts, stage, part), 'training');
  if (lock.held) return lock;
  throw new UsageError(
    'STAGE_IN_USE',
    `training: another program makes ${stageId(stage)} in ${artifacts}: ${describeHolder(lock.holder)}`,
    { hint: 'wait for it, stop it (what it has finished is kept), or name another folder with --artifacts' },
  );
}

async function neededResult(artifacts: string, stage: Stage, id: string): Promise<string> {
  const [project = '', task = ''] = id.split(':');
  const manifest = await readManifest(artifacts, project, task);
  const trouble = manifest === undefined ? 'it has not run' : await missingOutput(artifacts, manifest);
  if (manifest === undefined || trouble !== undefined) {
    throw new StageError('STAGE_NEEDS', `training: ${stageId(stage)} needs ${id}, but ${trouble}`, {
      hint: 'run primatrix train on the dataset with the same options: it makes again only what is missing',
    });
  }
  return resultDigest(manifest);
}
