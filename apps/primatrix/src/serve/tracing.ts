import { parsedJson } from '@primatrix/contracts';
import { packageOf } from '@primatrix/files';
import type { Log } from '@primatrix/telemetry';

const { version } = packageOf(import.meta.url);

/** How long traces may take to leave: a collector that is away must not hold up the end. */
const timeoutMs = 5_000;

/**
 * Sends spans to the collector that OpenTelemetry's own OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT) names, until it
 * is disposed of; without one, nothing is loaded and nothing recorded. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES count.
 * @param service its name where OTEL_SERVICE_NAME says no other
 */
export async function startTracing(service: string, log: Log): Promise<AsyncDisposable> {
  const {
    OTEL_EXPORTER_OTLP_ENDPOINT: all,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own,
    OTEL_SDK_DISABLED: disabled,
  } = process.env;
  if ((!all && !own) || disabled === 'true') return { [Symbol.asyncDispose]: async () => {} };
  const [
    { diag, DiagLogLevel, trace },
    { OTLPTraceExporter },
    { BatchSpanProcessor, TracerProvider },
    { defaultResource, detectResources, envDetector, resourceFromAttributes },
  ] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
  ]);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': service, 'service.version': version }))
    .merge(detectResources({ detectors: [envDetector] }));
  let told = false;
  const tell = (message: string) => {
    if (!told) log.warn('traces cannot be sent; this is said once', { reason: reasonOf(message) });
    told = true;
  };
  const quiet = () => {};
  diag.setLogger(
    { error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const provider = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ timeoutMillis: timeoutMs }) })],
  });
  trace.setGlobalTracerProvider(provider);
  return {
    async [Symbol.asyncDispose]() {
      await provider.shutdown().catch((error: unknown) => tell(String(error)));
      trace.disable();
    },
  };
}

/** The SDK tells errors as JSON, with their stack. */
function reasonOf(text: string): string {
  return String((parsedJson(text) as { message?: unknown } | null | undefined)?.message ?? text);
}
