import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDocPage } from '../support/doc-page.ts';
import { run } from '../support/primatrix.ts';

const root = workspaceRoot();
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'infra/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

it('every page with commands is followed', () => {
  const tests = readdirSync(import.meta.dirname)
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n');
  expect(
    pages.filter((page) => readDocPage(page).blocks.length > 0 && !tests.includes(`followPage('${page}'`)),
  ).toEqual([]);
});

describe.each(pages)('%s', (page) => {
  it('leads to files and headings that are there', () => {
    const wrong = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = '', heading] = link.split('#');
        const target = path === '' ? page : join(dirname(page), path);
        if (!existsSync(join(root, target))) return true;
        return heading !== undefined && !headingsOf(textOf(target)).includes(heading);
      });
    expect(wrong).toEqual([]);
  });

  it('names files of the workspace that are there', () => {
    const named = [...textOf(page).matchAll(/`((?:apps|docs|infra|libs|test|tools)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.filter((path) => !existsSync(join(root, path)) && !/net-pooled/.test(path))).toEqual([]);
  });
});

describe('commands and options', () => {
  /** Help of each command, and of sub-commands behind their command. */
  const help = new Map<string, string>();
  beforeAll(async () => {
    const list = (await run(['--help'])).stdout;
    // Commands stand in groups, after the options.
    for (const [, command = ''] of list.split('Start here:')[1]?.matchAll(/^ {2}([a-z]+)(?: [[<]| {2})/gm) ?? []) {
      if (command === 'help') continue;
      const { stdout } = await run([command, '--help']);
      help.set(command, stdout);
      const below = (stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm);
      for (const [, sub = ''] of below) {
        if (sub !== 'help') help.set(command, `${help.get(command)}${(await run([command, sub, '--help'])).stdout}`);
      }
    }
  });

  it.each(pages)('%s names those that there are', (page) => {
    const wrong: string[] = [];
    const used = commandLines(textOf(page));
    for (const line of used) {
      const [, command = '', rest = ''] = /\bprimatrix ([a-z]+)(.*)$/s.exec(line) ?? [];
      const text = help.get(command);
      if (text === undefined) wrong.push(`there is no command in: ${line}`);
      for (const [option] of rest.matchAll(/--[a-z][a-z-]*/g)) {
        if (text !== undefined && !has(text, option)) wrong.push(`${command} has no ${option}: ${line}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each(pages)('%s names options that some command has', (page) => {
    // Pages speak of the simulation's options too.
    const simulate = execFileSync(process.execPath, [join(root, 'tools/scaling/dist/main.js'), 'simulate', '--help'], {
      encoding: 'utf8',
    });
    const all = [...help.values(), simulate].join('\n');
    const named = [...textOf(page).matchAll(/`(--[a-z][a-z-]*)(?: [^`]*)?`/g)].map(([, option = '']) => option);
    // Of nats-server, npm, compose, Nx, Helm and zamba.
    const ofOthers = new Set([
      '--set',
      '--ignore-scripts',
      '--signal',
      '--profile',
      '--projects',
      '--parallel',
      '--skipInstall',
      '--scale',
      '--output-class-names',
    ]);
    expect(named.filter((option) => !ofOthers.has(option) && !has(all, option))).toEqual([]);
  });
});

/** Whether a help text has an option, and not only a longer one. */
function has(help: string, option: string): boolean {
  return new RegExp(`${option}(?![a-z-])`).test(help);
}

/** As GitHub makes anchors of headings. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What a page tells to run, in blocks and within the text. */
function commandLines(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, body = '']) =>
    body.replaceAll('\\\n', ' ').split('\n'),
  );
  const inline = [...markdown.replace(/^```[^]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
  return [...blocks, ...inline]
    .map((line) => line.replace(/\s#\s.*$/, ''))
    .filter((line) => /(^|npx )primatrix [a-z]+( |$)/.test(line));
}
