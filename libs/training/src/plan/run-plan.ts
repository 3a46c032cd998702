import { removeStaleTemporaries } from '@primatrix/files';
import { runStage, StageError } from './run-stage.ts';
import { declaredMemory, stageId, type Stage } from './stage.ts';

/** What a plan tells while it runs. */
export interface PlanEvents {
  onStage?(event: { readonly stage: string; readonly state: 'started' | 'done' | 'cached' }): void;
  /** @param done share of the whole plan, 0 to 1, weighted by the stages' costs */
  onProgress?(event: { readonly done: number; readonly stage: string; readonly note: string }): void;
}

/** Where a plan runs, how much of it at once, and who is told. */
export interface PlanOptions {
  readonly artifacts: string;
  readonly signal: AbortSignal;
  /** Threads that stages running at the same time have together: most take one. */
  readonly parallel: number;
  /** Bytes that stages running at the same time may hold together; one that wants more runs alone. Default: no limit. */
  readonly memory?: number;
  /** What runs a stage, where that is not this process. Default {@link runStage}. */
  readonly runStage?: typeof runStage;
  readonly events?: PlanEvents;
}

/**
 * Runs stages in the order of their needs, several at once as far as cores and memory go. The first failure stops the rest; what was
 * finished stays and is found again next time.
 */
export async function runPlan(stages: readonly Stage[], options: PlanOptions): Promise<void> {
  await removeStaleTemporaries(options.artifacts);
  const total = stages.reduce((sum, stage) => sum + stage.cost, 0);
  const share = new Map<string, number>();
  const finished = new Set<string>();
  const waiting = new Set(stages);
  const running = new Map<string, Promise<void>>();
  const threadsOf = new Map<string, number>();
  const onDevice = new Set<string>();
  const memoryOf = new Map<string, number>();
  const { memory = Infinity, runStage: runOne = runStage } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);

  const progress = (stage: Stage, fraction: number, note: string) => {
    share.set(stageId(stage), fraction * stage.cost);
    const done = [...share.values()].reduce((sum, part) => sum + part, 0) / total;
    options.events?.onProgress?.({ done, stage: stageId(stage), note });
  };

  const start = async (stage: Stage, threads: number) => {
    const id = stageId(stage);
    options.events?.onStage?.({ stage: id, state: 'started' });
    const report = (fraction: number, note = '') => progress(stage, fraction, note);
    const state = await runOne(options.artifacts, stage, { signal, report, threads });
    progress(stage, 1, '');
    finished.add(id);
    options.events?.onStage?.({ stage: id, state });
  };

  const known = new Set(stages.map(stageId));
  try {
    while (waiting.size > 0 || running.size > 0) {
      signal.throwIfAborted();
      // A need outside this plan must already lie in the artifacts: runStage checks that.
      const able = [...waiting].filter(({ needs }) => needs.every((id) => finished.has(id) || !known.has(id)));
      for (const [place, stage] of able.entries()) {
        const free = options.parallel - [...threadsOf.values()].reduce((sum, threads) => sum + threads, 0);
        if (free < 1) break;
        // ONNX Runtime's WebGPU crashes where two threads compute at once, and two nets want the memory of two.
        if (stage.onDevice === true && onDevice.size > 0) continue;
        const id = stageId(stage);
        const bytes = memoryOf.get(id) ?? (await declaredMemory(stage));
        memoryOf.set(id, bytes);
        const held = [...running.keys()].reduce((sum, other) => sum + (memoryOf.get(other) ?? 0), 0);
        if (running.size > 0 && held + bytes > memory) continue;
        waiting.delete(stage);
        // What is left when those behind it have one each.
        const threads = stage.spreads === true ? Math.max(1, free - (able.length - place - 1)) : 1;
        threadsOf.set(id, threads);
        if (stage.onDevice === true) onDevice.add(id);
        running.set(
          id,
          start(stage, threads).finally(() => {
            running.delete(id);
            threadsOf.delete(id);
            onDevice.delete(id);
          }),
        );
      }
      if (running.size === 0) {
        const stuck = [...waiting].map((stage) => `${stageId(stage)} (needs ${stage.needs.join(', ')})`).join('; ');
        throw new StageError('STAGE_CYCLE', `training: these stages wait for each other: ${stuck}`);
      }
      await Promise.race(running.values());
    }
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(running.values());
    throw error;
  }
}
