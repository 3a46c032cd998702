import { deadLetterSubject, filterOf, progressSubject, subjectOf, type SubjectFilter } from '@primatrix/contracts';
import { streamNames } from '@primatrix/messaging';
import { durableOf, joinerFamily, type BundlePart } from '@primatrix/services';
import { gatewayService, trainerService } from './deployables.ts';

/** What is served: the parts of a bundle and the release of its joiner. Several bundles can be served at once. */
export interface ServedBundle {
  readonly parts: readonly BundlePart[];
  readonly joinerRelease: string;
}

/** A user of the broker and the subjects it may use, as NATS' own wildcards. Everything else is refused. */
export interface BrokerUser {
  /** The family, `joiner`, `gateway` or `client`. */
  readonly name: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Who asks for predictions: the command line with `--remote`. */
export const clientUser = 'client';

const trainings = { stage: 'training', family: trainerService } as const;
/** How far the jobs of any training are. */
const progress = progressSubject('run').replace(/run$/, '*');

const { work, news, dead } = streamNames;
/** Buckets of the key-value store, as `@primatrix/services` names them. */
const answers = 'primatrix-v1-answers';
const joinerBuckets = [answers, 'primatrix-v1-clips', 'primatrix-v1-due'];

/**
 * One user for each family that is served, one for the joiner, one for clients and one for the gateway, which asks as they do, each with the subjects of its own
 * work and no others. A queue belongs to a release, so the users follow from the bundles: who serves another bundle
 * makes the configuration anew and has the server reload it.
 *
 * @param objectBucket of the NATS object store, where tensors are kept there
 * @param trainers the release of trainers, where there are any; clients may then have them work
 */
export function brokerUsers(bundles: readonly ServedBundle[], objectBucket?: string, trainers?: string): BrokerUser[] {
  const parts = bundles.flatMap((bundle) => bundle.parts);
  const families = [...new Set(parts.map(({ family }) => family))];
  const store = objectBucket === undefined ? [] : objectStore(objectBucket);
  const users = [
    ...families.map((family) =>
      serviceUser(
        family,
        parts.filter((part) => part.family === family),
      ),
    ),
    joinerUser(bundles),
    ...[clientUser, gatewayService].map((name) => requester(name, parts)),
    ...(trainers === undefined ? [] : [trainerUser(trainers)]),
  ].map((user) => (trainers !== undefined && user.name === clientUser ? withTrainings(user) : user));
  return users.map(({ name, publish, subscribe }) => ({
    name,
    publish: [...new Set([...reading([work, news, dead]), ...publish, ...store])].sort(),
    subscribe: [`_INBOX.${name}.>`, ...subscribe],
  }));
}

function serviceUser(name: string, parts: readonly BundlePart[]): BrokerUser {
  const own = parts.flatMap(({ stage, family, release }) => {
    const requests = { stage, family, event: 'requested', release } as const;
    const answered = (['ready', 'failed'] as const).map((event) => subjectOf({ stage, family, event }));
    // Second-level parts are asked directly, and their answers are kept for who asked.
    const kept =
      stage === 'stack' || stage === 'ensemble'
        ? [...reading([`KV_${answers}`]), `$KV.${answers}.>`]
        : reading([`KV_${answers}`]);
    return [
      ...answered,
      ...consuming(work, durableOf({ stage, family, release }), requests),
      deadLetterSubject(subjectOf(requests)),
      ...kept,
    ];
  });
  return { name, publish: own, subscribe: announcing(name) };
}

/** One queue, answers that are kept for who asked, and progress, which is not. */
function trainerUser(release: string): BrokerUser {
  const own = { ...trainings, release } as const;
  const durable = durableOf({ ...trainings, release });
  return {
    name: trainerService,
    publish: [
      ...(['ready', 'failed'] as const).map((event) => subjectOf({ ...trainings, event })),
      ...consuming(work, durable, { ...own, event: 'requested' }),
      deadLetterSubject(subjectOf({ ...own, event: 'requested' })),
      ...reading([`KV_${answers}`]),
      `$KV.${answers}.>`,
      progress,
    ],
    subscribe: announcing(trainerService),
  };
}

/** A client that has trainers work, too. */
function withTrainings({ name, publish, subscribe }: BrokerUser): BrokerUser {
  return { name, publish: [...publish, anyRelease(trainings)], subscribe: [...subscribe, progress] };
}

function joinerUser(bundles: readonly ServedBundle[]): BrokerUser {
  const own = bundles.flatMap(({ parts, joinerRelease: release }) => {
    const requests = { stage: 'clips', family: joinerFamily, event: 'requested', release } as const;
    const durable = durableOf({ stage: 'clips', family: joinerFamily, release });
    const first = parts.filter(({ stage }) => stage === 'ingest' || stage === 'features' || stage === 'nets');
    return [
      ...first.map(anyRelease),
      ...consuming(work, durable, requests),
      ...(['ready', 'failed'] as const).flatMap((event) => {
        const every = { stage: '*', family: '*', event } as const;
        return [
          ...consuming(news, `${durable}-${event}`, every),
          deadLetterSubject(filterOf(every)),
          subjectOf({ stage: 'clips', family: joinerFamily, event }),
        ];
      }),
      deadLetterSubject(subjectOf(requests)),
    ];
  });
  // The joiner makes the streams and buckets; the others find them.
  const made = [work, news, dead, ...joinerBuckets.map((bucket) => `KV_${bucket}`)].flatMap((stream) => [
    `$JS.API.STREAM.CREATE.${stream}`,
    `$JS.API.STREAM.UPDATE.${stream}`,
  ]);
  return {
    name: joinerFamily,
    publish: [...own, ...made, ...joinerBuckets.flatMap(records), '$SRV.INFO'],
    subscribe: announcing(joinerFamily),
  };
}

function requester(name: string, parts: readonly BundlePart[]): BrokerUser {
  const second = parts.filter(({ stage }) => stage === 'stack' || stage === 'ensemble');
  const asked = [anyRelease({ stage: 'clips', family: joinerFamily }), ...second.map(anyRelease)];
  return { name, publish: [...asked, ...records(answers), '$SRV.INFO'], subscribe: [] };
}

/** Requests to any release: canaries and pinned versions go to others than the bundle's own. */
function anyRelease({ stage, family }: Pick<BundlePart, 'stage' | 'family'>): string {
  return `${subjectOf({ stage, family, event: 'requested' })}.*`;
}

function reading(streams: readonly string[]): string[] {
  return ['$JS.API.INFO', ...streams.map((stream) => `$JS.API.STREAM.INFO.${stream}`)];
}

/** Takes messages from one queue: the server holds a durable to the filter in the subject that makes it. */
function consuming(stream: string, durable: string, filter: SubjectFilter): string[] {
  return [
    `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
    `$JS.API.CONSUMER.CREATE.${stream}.${durable}.${filterOf(filter)}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    `$JS.ACK.${stream}.${durable}.>`,
    // Newer servers name domain and account as well.
    `$JS.ACK.*.*.${stream}.${durable}.>`,
  ];
}

/** Reads, writes and watches all records of a bucket. */
function records(bucket: string): string[] {
  return [...stored(`KV_${bucket}`), `$KV.${bucket}.>`];
}

function objectStore(bucket: string): string[] {
  const stream = `OBJ_${bucket}`;
  return [...stored(stream), `$O.${bucket}.>`, `$JS.API.STREAM.CREATE.${stream}`, `$JS.API.STREAM.PURGE.${stream}`];
}

function stored(stream: string): string[] {
  const consumer = ['CREATE', 'INFO', 'DELETE'].map((verb) => `$JS.API.CONSUMER.${verb}.${stream}.>`);
  return [
    ...reading([stream]),
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    ...consumer,
    `$JS.FC.${stream}.>`,
    `$JS.ACK.${stream}.>`,
  ];
}

/** What the NATS services API answers on. */
function announcing(name: string): string[] {
  return [
    ...['PING', 'INFO', 'STATS'].flatMap((verb) => [`$SRV.${verb}`, `$SRV.${verb}.${name}`, `$SRV.${verb}.${name}.*`]),
    `primatrix.v1.health.${name}`,
  ];
}
