import { describe, expect, it } from 'vitest';
import { askedCommand, makeCommands } from './command-table.ts';
import { exitStatus } from './terminal/exit-status.ts';

const session = { signal: new AbortController().signal, status: exitStatus.done, say: () => undefined };

describe('which commands are loaded', () => {
  it.each([
    [['score', '--labels', 'x'], { name: 'score' }],
    [['--config', 'x'], 'list'],
    [['--help'], 'list'],
    [[], 'list'],
    [['scroe'], 'list'],
    [['help'], 'list'],
    [['help', 'score'], { name: 'score' }],
    [['completion', 'bash'], 'all'],
    [['help', 'completion'], { name: 'completion' }],
  ])('%j', (args, asked) => expect(askedCommand(args)).toEqual(asked));
});

it('lists the commands that there are, without making them', async () => {
  const listed = await makeCommands(session, 'list');
  const made = await makeCommands(session, 'all');
  expect(listed.map((command) => command.name())).toEqual(made.map((command) => command.name()));
  expect(listed.map((command) => [command.summary(), command.helpGroup()])).toEqual(
    made.map((command) => [command.summary(), command.helpGroup()]),
  );
  expect(listed.filter((command) => command.options.length > 0)).toEqual([]);
  expect(made.filter((command) => command.options.length > 0).length).toBeGreaterThan(20);
});
