import { z } from 'zod';

const rowSchema = z.strictObject({
  what: z.string().min(1),
  split: z.string().min(1),
  seeds: z.string().min(1),
  score: z.string().min(1),
  /** Of the score, in its unit. */
  standardError: z.string().min(1),
  /** What others published on the same data, and by which method. */
  published: z.string().min(1),
  /** In what this differs from what was published, or flatters. */
  differs: z.string(),
  /** Of `tools/evaluations/dist`, unless it is a program. */
  command: z.string().min(1),
});

const benchmarksSchema = z.strictObject({
  groups: z.array(
    z.strictObject({ title: z.string().min(1), data: z.string().min(1), rows: z.array(rowSchema).min(1) }),
  ),
});

const head = `# Benchmarks

Every score of this project on real data, with its split, seeds and standard error, beside what others have published. Made by
\`node tools/evaluations/dist/main.js benchmarks\` of [benchmarks.json](../tools/evaluations/benchmarks.json); how each was measured stands in
[tools/evaluations](../tools/evaluations/README.md). The drawn sample dataset is no benchmark, and is not in here. Speeds are measured where you are:
\`primatrix bench\`.
`;

/**
 * The page of benchmarks as Markdown.
 * @param json what stands in `benchmarks.json`
 * @throws ZodError where it is of another form
 */
export function benchmarksPage(json: unknown): string {
  const { groups } = benchmarksSchema.parse(json);
  const tables = groups.map(({ title, data, rows }) =>
    [
      `## ${title}`,
      '',
      `${data}.`,
      '',
      '| what | split | seeds | score (standard error) | published | in what it differs | command |',
      '|---|---|---|---|---|---|---|',
      ...rows.map(
        ({ what, split, seeds, score, standardError, published, differs, command }) =>
          `| ${what} | ${split} | ${seeds} | ${score} (${standardError}) | ${published} | ${differs} | \`${command}\` |`,
      ),
      '',
    ].join('\n'),
  );
  return [head, ...tables].join('\n');
}
