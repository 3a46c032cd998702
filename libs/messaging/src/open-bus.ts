import type { Bus, BusOptions } from './bus.ts';
import { InProcessBus } from './in-process-bus.ts';
import { JetStreamBus } from './jetstream-bus.ts';

/**
 * The bus of this process: JetStream where `url` (default: the environment's `NATS_URL`) names a server, else one
 * within the process.
 * @throws BusError BUS_UNREACHABLE or BUS_REFUSED within seconds when the server cannot be used
 */
export async function openBus(options: BusOptions & { readonly url?: string | undefined } = {}): Promise<Bus> {
  const { url = process.env['NATS_URL'], ...settings } = options;
  return url === undefined || url === '' ? new InProcessBus(settings) : JetStreamBus.connect(url, settings);
}
