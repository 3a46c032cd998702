/**
 * One promise that every subject of a kind keeps; `run` rejects when it is broken. Suites are lists of them, free of any
 * test runner: `it.each(suite)('$name', ({ run }) => run(subject))`.
 */
export interface Conformance<Subject> {
  readonly name: string;
  readonly run: (subject: Subject) => Promise<void>;
}
