/** Options of `primatrix import`, as the command line reads them; paths as they were typed. */
export interface ImportOptions {
  readonly out: string;
  readonly clips?: string;
  readonly sites?: string;
  readonly taxa?: string;
  readonly namePattern?: string;
  readonly localClock?: true;
  readonly json?: true;
  /** File of settings; those that it names are among these already. */
  readonly config?: string;
}
