import { sha256Bytes } from '@primatrix/files';
import type { BundleManifest } from '@primatrix/prediction';
import { bundleParts, joinerReleaseOf } from '@primatrix/services';
import { passwordVariable } from './accounts-conf.ts';
import { brokerUsers } from './broker-users.ts';

/** The broker's settings as they are deployed. */
export const secured = new URL('../../../infra/nats/secured.conf', import.meta.url);

/** Identifies the bundle whose services are the users. */
export const digest = sha256Bytes('a bundle');
export const manifest: BundleManifest = {
  schema: 4,
  profile: 'laptop',
  dataset: { name: 'test', digest },
  classes: ['a', 'b'],
  metadata: { family: 'video-ingest', version: '1.0.0', reference: null },
  neighbours: { family: 'neighbours', version: '1.0.0', nets: [], ks: [1], order: 'site' },
  features: [
    {
      family: 'dots',
      version: '1.0.0',
      settings: null,
      weightsDigest: null,
      weights: '',
      weightsFiles: [],
    },
  ],
  nets: ['net-one', 'net-two'].map((family) => ({
    family,
    version: '1.0.0',
    reads: 'dots',
    input: [2],
    crop: [2],
    crops: 1,
    padding: 'repeat' as const,
    models: [{ path: 'x', sha256: sha256Bytes(family) }],
  })),
  stacks: ['stack-trees-a', 'stack-trees-b'].map((member) => ({
    family: 'stack-trees',
    version: '1.0.0',
    member,
    columns: [],
    models: [{ path: 'x', sha256: sha256Bytes(member) }],
  })),
  ensemble: {
    family: 'ensemble',
    version: '1.0.0',
    weights: {},
    calibration: { method: 'none' },
    thresholds: { answers: [], note: '' },
  },
};
/** The services' parts of it. */
export const parts = bundleParts(manifest);
/** Of the services, the joiner and the gateway. */
export const users = brokerUsers([{ parts, joinerRelease: joinerReleaseOf(digest) }], 'tensors');

/** By the variables that the settings read. */
export const passwords = Object.fromEntries(
  [...users.map(({ name }) => name), 'operator', 'system'].map((name) => [
    passwordVariable(name),
    `p-${sha256Bytes(name).slice(0, 12)}`,
  ]),
);
/** Of a user by name. */
export const passwordOf = (name: string) => passwords[passwordVariable(name)] ?? '';
