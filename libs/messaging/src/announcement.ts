import { Svcm } from '@nats-io/services';
import type { ServiceInfo } from '@nats-io/services';
import { errors } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';

/** What a service says of itself to whoever asks on `$SRV.INFO`. */
export interface Announcement {
  /** The family, as `net-vgg16-gru`. */
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Facts by name, as the release, the subject of its work and the digest of its model. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An announced service. Its statistics answer on `$SRV.STATS`, its state on the endpoint `health`. */
export interface Announced {
  /** Withdraws it. */
  stop(): Promise<void>;
}

/**
 * Announces a service with the NATS services API.
 * @param health answered as JSON on the endpoint `health`, `primatrix.v1.health.<name>`
 * @throws Error where name or version are none
 */
export async function announce(
  connection: NatsConnection,
  announcement: Announcement,
  health: () => object,
): Promise<Announced> {
  const { name, version, description, metadata } = announcement;
  const service = await new Svcm(connection).add({ name, version, description, metadata: { ...metadata } });
  service.addEndpoint('health', {
    subject: `primatrix.v1.health.${name}`,
    handler: (error, message) => void (error === null && message.respond(JSON.stringify(health()))),
  });
  return { stop: async () => void (await service.stop()) };
}

/** Every service that answers now, one entry a process. */
export async function announcedServices(connection: NatsConnection, name?: string): Promise<Announcement[]> {
  const found: Announcement[] = [];
  try {
    const client = new Svcm(connection).client();
    for await (const info of await client.info(name)) found.push(read(info));
  } catch (error) {
    // Nobody is there to answer.
    if (!(error instanceof errors.NoRespondersError || error instanceof errors.TimeoutError)) throw error;
  }
  return found;
}

function read({ name, version, description, metadata = {} }: ServiceInfo): Announcement {
  return { name, version, description, metadata };
}
