import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';

/** How a command of the command line ended that ran in a process with others. */
export interface Ended {
  /** `hang`: it took longer than it may, and the process was ended; `crash`: the process ended by itself. */
  readonly status: number | 'hang' | 'crash';
  readonly stdout: string;
  readonly stderr: string;
}

const script = join(import.meta.dirname, 'command-runner-process.mjs');
const main = join(workspaceRoot(), 'apps/primatrix/dist/main.js');

/**
 * Runs many commands one after the other in one process, as starting one takes most of the time of a short command. A
 * process that hangs or crashes is replaced.
 */
export class CommandRunner implements AsyncDisposable {
  private readonly limitMs: number;
  private child: ChildProcess | undefined;

  /** @param limitMs time that one command may take */
  constructor({ limitMs }: { readonly limitMs: number }) {
    this.limitMs = limitMs;
  }

  async run(args: readonly string[], cwd: string): Promise<Ended> {
    const child = (this.child ??= start());
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = once(child, 'message').then(([ended]) => ended as Ended);
      const crash = once(child, 'exit').then((): Ended => ({ status: 'crash', stdout: '', stderr: '' }));
      const hang = new Promise<Ended>((resolve) => {
        timer = setTimeout(() => resolve({ status: 'hang', stdout: '', stderr: '' }), this.limitMs);
      });
      child.send({ args, cwd });
      const ended = await Promise.race([answer, crash, hang]);
      if (ended.status === 'hang' || ended.status === 'crash') await this[Symbol.asyncDispose]();
      return ended;
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
}

function start(): ChildProcess {
  const env = { ...process.env, PRIMATRIX_WEIGHTS: '/nonexistent/weights' };
  delete (env as NodeJS.ProcessEnv)['PRIMATRIX_DEBUG'];
  const child = fork(script, [main], { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.setMaxListeners(0);
  return child;
}
