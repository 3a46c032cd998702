import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a command of a session ended, and what it printed on both streams. */
export interface ShellResult {
  readonly status: number;
  readonly output: string;
}

/** One shell, as somebody has it open while reading: folders, variables and jobs stay from command to command. */
export interface ShellSession extends AsyncDisposable {
  run(command: string): Promise<ShellResult>;
  /** Starts a command, waits until it has printed `text`, lets `meanwhile` run, and presses Ctrl-C. */
  runUntil(command: string, text: string, meanwhile?: (output: string) => Promise<void>): Promise<ShellResult>;
}

/** What comes after each command; no program prints it. */
const end = '\u0001end of command';

/** Starts Bash in a process group of its own, which is ended with all it started. */
export function openShell(cwd: string, env: Readonly<Record<string, string>>): ShellSession {
  const shell = spawn('/bin/bash', ['--noprofile', '--norc'], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const closed = new Promise<void>((resolve) => void shell.once('close', resolve));
  const killGroup = (signal: NodeJS.Signals) => {
    try {
      if (shell.pid !== undefined) process.kill(-shell.pid, signal);
    } catch {
      // All of it has ended already.
    }
  };
  const killOnExit = () => killGroup('SIGKILL');
  process.once('exit', killOnExit);
  let heard = '';
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (heard += piece));
  }

  /** Waits for something in what was printed; fails with all of it where the shell ends before. */
  const hear = async (wanted: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = wanted.exec(heard);
      if (found !== null) return found;
      if (shell.exitCode !== null || shell.signalCode !== null) {
        throw new Error(`the shell ended; it had printed:\n${heard}`);
      }
      await sleep(20);
    }
  };
  const run: ShellSession['run'] = async (command) => {
    heard = '';
    // A line of its own for the brace: a command may end in a remark or in &.
    shell.stdin.write(`{ ${command}\n} < /dev/null 2>&1; printf '\\n${end} %s\\n' "$?"\n`);
    const found = await hear(new RegExp(`\\n${end} (\\d+)\\n`));
    return { status: Number(found[1]), output: heard.slice(0, found.index) };
  };

  return {
    run,
    async runUntil(command, text, meanwhile = async () => undefined) {
      heard = '';
      shell.stdin.write(`{ ${command.replace(/\s+#[^'"]*$/, '')} < /dev/null 2>&1 &\n}\n`);
      await hear(new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
      // What belongs to the same line or message comes with it.
      await sleep(200);
      const output = heard;
      await meanwhile(output);
      const { status } = await run('kill -INT $!; wait $!');
      return { status, output };
    },
    async [Symbol.asyncDispose]() {
      shell.stdin.end();
      killGroup('SIGTERM');
      const late = setTimeout(() => killGroup('SIGKILL'), 20_000);
      await closed;
      clearTimeout(late);
      process.off('exit', killOnExit);
    },
  };
}
