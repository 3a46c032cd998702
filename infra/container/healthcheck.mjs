// Whether a service is ready: exit status 0 or 1, and what is missing, which the engine keeps. Of the gateway, whether it
// answers: what prediction waits for, its pages say.
const { PRIMATRIX_METRICS_PORT = '9464', SERVICE } = process.env;
const [port, path] = SERVICE === 'gateway' ? ['8337', '/healthz'] : [PRIMATRIX_METRICS_PORT, '/readyz'];
try {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(4_000) });
  process.stdout.write(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stdout.write(`nobody answers on port ${port}: ${error}\n`);
  process.exitCode = 1;
}
