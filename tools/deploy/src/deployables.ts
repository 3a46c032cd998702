import { UsageError } from '@primatrix/contracts';
import { joinerFamily } from '@primatrix/services';
import { packagesBehind, type WorkspacePackage } from './workspace-package.ts';

/** The package that runs services: `primatrix serve`. */
export const commandLine = 'primatrix';

/** Something that is deployed as a container of its own. */
export interface Deployable {
  /** What `primatrix serve` calls it; also the name of its image. */
  readonly service: string;
  /** Its version, which is the image's tag. */
  readonly version: string;
  /** Packages of the workspace that it needs. */
  readonly packages: readonly WorkspacePackage[];
  /** Families that the command line depends on and this service does not need. */
  readonly without: ReadonlySet<string>;
}

/** Every service there is: the families that can be served, and the joiner. Neighbours look at all clips of a run, which only who asks has. */
export function deployables(packages: ReadonlyMap<string, WorkspacePackage>): Deployable[] {
  const families = [...packages.values()].filter(({ manifest }) => manifest.primatrix !== undefined);
  const joiner = packages.get('@primatrix/services');
  const one = (service: string, version: string, own?: WorkspacePackage): Deployable => {
    const without = new Set(families.filter((item) => item !== own).map(({ manifest }) => manifest.name));
    return { service, version, without, packages: packagesBehind(packages, commandLine, without) };
  };
  return [
    ...(joiner === undefined ? [] : [one(joinerFamily, joiner.manifest.version)]),
    ...families.filter(({ manifest }) => manifest.primatrix?.kind !== 'neighbours').map((item) => one(item.manifest.primatrix?.name ?? item.project, item.manifest.version, item)),
  ];
}

/** @throws UsageError SERVICE_UNKNOWN */
export function deployable(packages: ReadonlyMap<string, WorkspacePackage>, service: string): Deployable {
  const all = deployables(packages);
  const found = all.find((item) => item.service === service);
  if (found === undefined) throw new UsageError('SERVICE_UNKNOWN', `deploy: there is no service '${service}'`, { hint: `services: ${all.map((item) => item.service).join(', ')}` });
  return found;
}
