/** A row of the page of errors. */
export interface ListedError {
  readonly codes: readonly string[];
  /** What is printed before the code; `…` stands for anything. */
  readonly message: string;
}

/** The rows `| \`CODE\` | \`message\` | …` of the page. */
export function listedErrors(markdown: string): ListedError[] {
  return [...markdown.matchAll(/^\| (`[A-Z0-9_]{3,}`(?:, `[A-Z0-9_]+`)*) \| `(.*?)` \|/gm)].map(
    ([, codes = '', message = '']) => ({ codes: codes.match(/[A-Z0-9_]+/g) ?? [], message }),
  );
}

/** Whether a message is one that a row stands for. */
export function isListed({ message }: ListedError, printed: string): boolean {
  const pattern = message
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^]*');
  return new RegExp(`^${pattern}$`).test(printed);
}
