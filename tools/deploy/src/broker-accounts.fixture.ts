import { sha256Bytes } from '@primatrix/files';
import type { BundleManifest } from '@primatrix/prediction';
import { bundleParts, joinerReleaseOf } from '@primatrix/services';
import { smallBundle, smallBundleDigest } from '@primatrix/testkit';
import { passwordVariable } from './accounts-conf.ts';
import { brokerUsers } from './broker-users.ts';

/** The broker's settings as they are deployed. */
export const secured = new URL('../../../infra/nats/secured.conf', import.meta.url);

/** Identifies the bundle whose services are the users. */
export const digest = smallBundleDigest;
export const manifest: BundleManifest = smallBundle({
  nets: [{ name: 'net-one' }, { name: 'net-two' }],
  stacks: [{ name: 'stack-trees-a' }, { name: 'stack-trees-b' }],
});
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
