import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';

/** A command of a page. */
interface DocCommand {
  /** Where it stands, as `docs/tutorial.md:12`. */
  readonly where: string;
  readonly text: string;
  /** What the page says it ends with, as `# exit status 1`; else 0. */
  readonly status: number;
}

/** One fenced block that readers act on. */
export interface DocBlock {
  readonly where: string;
  /** Commands of an `sh` block, in order. */
  readonly commands: readonly DocCommand[];
  /** The comment `<!-- not run: reason -->` before it. */
  readonly notRun: string | undefined;
  /** The comment `<!-- until: text -->` before it: the command goes on for ever, and is stopped once it has said this. */
  readonly until: string | undefined;
  /** The comment `<!-- file: path -->` before a block of any other language: readers write it to that file. */
  readonly file: { readonly path: string; readonly content: string } | undefined;
  /** The `text` block that follows: what the last command prints. */
  readonly output: { readonly where: string; readonly text: string } | undefined;
}

/** A page of the documentation. */
export interface DocPage {
  /** Relative to the workspace. */
  readonly path: string;
  readonly markdown: string;
  readonly blocks: readonly DocBlock[];
}

interface Fence {
  readonly language: string;
  readonly where: string;
  readonly line: number;
  readonly body: string;
  readonly remarks: Readonly<Record<string, string>>;
}

/**
 * Reads a page.
 * @param path relative to the workspace
 */
export function readDocPage(path: string): DocPage {
  const markdown = readFileSync(join(workspaceRoot(), path), 'utf8');
  const blocks: DocBlock[] = [];
  for (const fence of fencesOf(path, markdown)) {
    const last = blocks.at(-1);
    const { language, where, body, remarks } = fence;
    if (language === 'sh') {
      blocks.push({
        where,
        commands: commandsOf(fence, path),
        notRun: remarks['not run'],
        until: remarks['until'],
        file: undefined,
        output: undefined,
      });
    } else if (remarks['file'] !== undefined) {
      blocks.push({
        where,
        commands: [],
        notRun: undefined,
        until: undefined,
        file: { path: remarks['file'], content: body },
        output: undefined,
      });
    } else if (language === 'text' && last !== undefined && last.commands.length > 0 && last.output === undefined) {
      blocks[blocks.length - 1] = { ...last, output: { where, text: body } };
    }
  }
  return { path: relative(workspaceRoot(), join(workspaceRoot(), path)), markdown, blocks };
}

function* fencesOf(path: string, markdown: string): Generator<Fence> {
  const lines = markdown.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const opened = /^```(\w+)?/.exec(lines[i] ?? '');
    if (opened === null) continue;
    const end = lines.indexOf('```', i + 1);
    if (end < 0) throw new Error(`${path}:${i + 1}: the block is not closed`);
    const remarks: Record<string, string> = {};
    for (let above = i - 1; above >= 0; above--) {
      const remark = /^<!-- (not run|until|file): (.*) -->$/.exec(lines[above] ?? '');
      if (remark === null) break;
      remarks[remark[1] as string] = (remark[2] as string).trim();
    }
    yield {
      language: opened[1] ?? '',
      where: `${path}:${i + 1}`,
      line: i + 1,
      body: `${lines.slice(i + 1, end).join('\n')}\n`,
      remarks,
    };
    i = end;
  }
}

function commandsOf({ body, line }: Fence, path: string): DocCommand[] {
  const commands: DocCommand[] = [];
  let [text, first] = ['', 0];
  for (const [i, part] of body.trimEnd().split('\n').entries()) {
    if (text === '') first = i;
    text += part.endsWith('\\') ? `${part.slice(0, -1)} ` : part;
    if (part.endsWith('\\')) continue;
    const command = text.trim();
    text = '';
    if (command === '' || command.startsWith('#')) continue;
    commands.push({
      where: `${path}:${line + 1 + first}`,
      text: command,
      status: Number(/# exit status (\d+)/.exec(command)?.[1] ?? 0),
    });
  }
  return commands;
}
