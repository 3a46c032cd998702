// Whether a service is ready: exit status 0 or 1, and what is missing, which the engine keeps.
const { PRIMATRIX_METRICS_PORT: port = '9464' } = process.env;
try {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4_000) });
  process.stdout.write(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stdout.write(`nobody answers on port ${port}: ${error}\n`);
  process.exitCode = 1;
}
