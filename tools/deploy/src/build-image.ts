import { spawnSync } from 'node:child_process';
import { PrimatrixError } from '@primatrix/contracts';
import type { Deployable } from './deployables.ts';

/** The container engine that answers on this machine, if one does. */
export function containerEngine(): string | undefined {
  return ['docker', 'podman'].find(
    (name) => spawnSync(name, ['info'], { stdio: 'ignore', timeout: 20_000 }).status === 0,
  );
}

/**
 * Builds `primatrix/<service>:<version>` from its folder.
 * @throws PrimatrixError IMAGE_BUILD
 */
export function buildImage(
  engine: string,
  { service, serves, version, builds }: Pick<Deployable, 'service' | 'serves' | 'version' | 'builds'>,
  folder: string,
): string {
  const tag = `primatrix/${service}:${version}`;
  const args = {
    SERVICE: service,
    SERVES: serves,
    VERSION: version,
    BUILDS: builds.join(' '),
  };
  const options = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const { status } = spawnSync(
    engine,
    ['build', '--file', `${folder}/Containerfile`, '--tag', tag, ...options, folder],
    { stdio: 'inherit' },
  );
  if (status !== 0) throw new PrimatrixError('IMAGE_BUILD', `deploy: ${engine} did not build ${tag}`);
  return tag;
}
