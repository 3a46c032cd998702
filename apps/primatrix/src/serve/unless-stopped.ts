/** What is opened, or undefined where somebody stopped the wait for it: as good an end as any other. */
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
