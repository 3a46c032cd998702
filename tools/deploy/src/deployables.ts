import { UsageError } from '@primatrix/contracts';
import { joinerFamily } from '@primatrix/services';
import { packagesBehind, type WorkspacePackage } from './workspace-package.ts';

/** The package that runs services: `primatrix serve`. */
const commandLine = 'primatrix';

/** The pages and their API in front of the services. */
export const gatewayService = 'gateway';

/** What does the work of `primatrix train --remote`. */
export const trainerService = 'trainer';

/** Kinds of families that whoever asks for predictions runs itself: the second level's table is made there. */
const askersOwn: ReadonlySet<string> = new Set(['ingest', 'neighbours']);

/** Something that is deployed as a container of its own. */
export interface Deployable {
  /** What `primatrix serve` calls it; also the name of its image. */
  readonly service: string;
  /** What follows `primatrix serve`, besides the bundle. */
  readonly serves: string;
  /** Its version, which is the image's tag. */
  readonly version: string;
  /** Packages of the workspace that it needs. */
  readonly packages: readonly WorkspacePackage[];
  /** Debian packages with which its families are prepared while the image is built. */
  readonly builds: readonly string[];
  /** Families that the command line depends on and this service does not need. */
  readonly without: ReadonlySet<string>;
}

/** Every service there is: the families that can be served, the joiner, the gateway, and the trainer. Neighbours look at all clips of a run, which only who asks has. */
export function deployables(packages: ReadonlyMap<string, WorkspacePackage>): Deployable[] {
  const families = [...packages.values()].filter(({ manifest }) => manifest.primatrix !== undefined);
  const joiner = packages.get('@primatrix/services');
  const gateway = packages.get('@primatrix/gateway');
  const trainers = packages.get('@primatrix/trainers');
  const one = (
    service: string,
    version: string,
    own: readonly WorkspacePackage[] = [],
    serves = service,
  ): Deployable => {
    const without = new Set(families.filter((item) => !own.includes(item)).map(({ manifest }) => manifest.name));
    return {
      service,
      serves,
      version,
      without,
      packages: packagesBehind(packages, commandLine, without),
      builds: own.flatMap(({ manifest }) => manifest.primatrix?.builds ?? []),
    };
  };
  return [
    ...(joiner === undefined ? [] : [one(joinerFamily, joiner.manifest.version)]),
    ...(gateway === undefined
      ? []
      : [
          one(
            gatewayService,
            gateway.manifest.version,
            families.filter(({ manifest }) => askersOwn.has(manifest.primatrix?.kind ?? '')),
            '--ui --remote --host 0.0.0.0 --project /project',
          ),
        ]),
    // It trains whatever family there is.
    ...(trainers === undefined ? [] : [one(trainerService, trainers.manifest.version, families)]),
    ...families
      .filter(({ manifest }) => manifest.primatrix?.kind !== 'neighbours')
      .map((item) => one(item.project, item.manifest.version, [item])),
  ];
}

/**
 * The one of the {@link deployables} that a service's name stands for.
 * @throws UsageError SERVICE_UNKNOWN
 */
export function deployable(packages: ReadonlyMap<string, WorkspacePackage>, service: string): Deployable {
  const all = deployables(packages);
  const found = all.find((item) => item.service === service);
  if (found === undefined) {
    throw new UsageError('SERVICE_UNKNOWN', `deploy: there is no service '${service}'`, {
      hint: `services: ${all.map((item) => item.service).join(', ')}`,
    });
  }
  return found;
}
