import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { makeProgram } from '../make-program.ts';
import { bashCompletion } from './bash-completion.ts';
import { completionTree } from './completion-tree.ts';
import { fishCompletion } from './fish-completion.ts';
import { powershellCompletion } from './powershell-completion.ts';
import { zshCompletion } from './zsh-completion.ts';

const session = { signal: new AbortController().signal, status: 0, say: () => undefined } as const;
const tree = completionTree(await makeProgram(session, 'all'));
const hasShell = (name: string) => spawnSync(name, ['--version']).status === 0;

describe('completionTree', () => {
  it('has every command, those below, and what follows their options', () => {
    expect(tree.map(({ path }) => path)).toEqual(expect.arrayContaining(['', 'predict', 'weights pull', 'completion']));
    const predict = tree.find(({ path }) => path === 'predict');
    const valueOf = (name: string) => predict?.options.find(({ names }) => names.includes(name))?.value;
    expect(valueOf('--bundle')).toBe('folder');
    expect(valueOf('--sites')).toBe('file');
    expect(valueOf('--threshold')).toBe('anything');
    expect(valueOf('--json')).toBe('nothing');
    expect(valueOf('--format')).toContain('camtrap-dp');
    expect(predict?.options.flatMap(({ names }) => names)).toEqual(
      expect.arrayContaining(['--help', '-h', '--config']),
    );
  });
});

describe.skipIf(!hasShell('bash'))('bash', () => {
  /** What bash offers for words, the last of which is being typed. */
  const offered = (script: string, cwd: string, ...words: string[]) => {
    const array = words.map((word) => `'${word}'`).join(' ');
    const text = `${script}\nCOMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; _primatrix; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', text], { cwd, encoding: 'utf8' }).trim().split('\n');
  };

  it('offers commands, options, values and folders', async () => {
    await using folder = await temporaryFolder();
    await mkdir(folder.join('bundles'));
    await writeFile(folder.join('bundle.txt'), '');
    const script = bashCompletion(tree);
    const of = (...words: string[]) => offered(script, folder.path, 'primatrix', ...words);
    expect(of('pre')).toEqual(['predict']);
    expect(of('weights', 'pu')).toEqual(['pull']);
    expect(of('predict', 'a.mp4', '--bun')).toEqual(['--bundle']);
    expect(of('predict', '--format', 'cam')).toEqual(['camtrap-dp']);
    expect(of('predict', '--bundle', 'bun')).toEqual(['bundles']);
    expect(of('score', '--labels', 'bun')).toEqual(['']);
    expect(of('weights', 'list', '--w')).toEqual(['--weights']);
  });
});

/** A command line whose words are those that shells stumble over. */
const odd = completionTree(
  new Command('primatrix').addCommand(
    new Command('try')
      .summary('it\'s a: [test] $HOME `date` \\ "quoted"')
      .addOption(new Option('--kind <name>', "one of: 'a', [b] $PATH").choices(['a', "b's"]))
      .addArgument(new Argument('<clip>')),
  ),
);

describe.each([
  ['bash', bashCompletion, ['-n']],
  ['zsh', zshCompletion, ['-n']],
  ['fish', fishCompletion, ['--no-execute']],
  ['pwsh', powershellCompletion, ['-NoProfile', '-Command']],
] as const)('%s', (shell, script, check) => {
  it('names every command and option', () => {
    const text = script(tree);
    for (const { path, options } of tree) {
      expect(text).toContain(path);
      for (const name of options.flatMap(({ names }) => names)) expect(text).toContain(name.replace(/^--?/, ''));
    }
  });

  it.skipIf(!hasShell(shell))('is a script that the shell reads, whatever descriptions say', async () => {
    await using folder = await temporaryFolder();
    for (const offered of [tree, odd]) {
      await writeFile(folder.join('script'), script(offered));
      expect(spawnSync(shell, [...check, folder.join('script')], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      });
    }
  });
});
