/** What a running stage may use of its surroundings. */
export interface StageRun {
  readonly signal: AbortSignal;
  /** Threads that it may compute on; more than one only of stages that {@link Stage.spreads}. */
  readonly threads: number;
  /** @param fraction of the stage's work that is done, 0 to 1 */
  report(fraction: number, note?: string): void;
}

/** {@link StageRun} of a stage whose needs are there. */
export interface KeyedRun extends StageRun {
  /** Digest of everything that the result depends on. */
  readonly key: string;
}

/** What a stage leaves behind. */
export interface StageResult {
  /** Files below the artifact folder, relative to it, with forward slashes. */
  readonly outputs: readonly string[];
  /** JSON: small facts for people and for later stages. No times, no paths of this machine. */
  readonly summary: unknown;
}

/**
 * One cacheable piece of the pipeline. The same stages are run in one process by `primatrix train` and
 * one by one as tasks of Nx.
 */
export interface Stage {
  /** The package it belongs to, for example `net-vgg16-gru`. */
  readonly project: string;
  /** The task's name, for example `train-fold-1`. */
  readonly task: string;
  /** Stages that must have run before, as `project:task`. */
  readonly needs: readonly string[];
  /** Rough seconds on two cores: only the estimate of time left rests on it. */
  readonly cost: number;
  /** Rough bytes that it holds at most; asked once its needs have run. Default: {@link usualMemory}. */
  memory?(): Promise<number>;
  /** Its results are the same on any number of threads: it takes those that nobody else has work for. */
  readonly spreads?: boolean;
  /** It computes on the training's device, and that is no CPU: such stages run one after the other. */
  readonly onDevice?: boolean;
  /** JSON of everything besides the needed stages' outputs that the result depends on. */
  inputs(): Promise<unknown>;
  run(run: KeyedRun): Promise<StageResult>;
  /**
   * Pieces of its work that other machines may do before it runs, each as JSON that no other piece of the training equals. Those that
   * are done are not among them, as far as that is quickly known. Asked once its needs have run.
   */
  parts?(run: StageRun): Promise<readonly unknown[]>;
  /** Does one of the {@link parts}, and leaves below the artifact folder what {@link run} takes up. Doing it twice is harmless. */
  runPart?(part: unknown, run: KeyedRun): Promise<void>;
  /** Lets go of what it keeps open from one part to the next. */
  close?(): Promise<void>;
  /** Checks files that `outputs` stand for but do not list; a sentence where something is gone. */
  verify?(): Promise<string | undefined>;
}

/** Bytes of a stage that does not say what it holds: a few native libraries and some tables. */
export const usualMemory = 0.5e9;

/** Rough bytes that a stage holds at most; its needs must have run. */
export async function declaredMemory(stage: Stage): Promise<number> {
  return (await stage.memory?.()) ?? usualMemory;
}

/** The name by which stages refer to each other. */
export function stageId(stage: { readonly project: string; readonly task: string }): string {
  return `${stage.project}:${stage.task}`;
}
