/** What is opened; undefined where the signal ended the wait for it, which is no failure. */
export async function unlessStopped<Opened>(
  opening: Promise<Opened>,
  signal: AbortSignal,
): Promise<Opened | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
