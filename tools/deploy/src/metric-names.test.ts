import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { ServiceWatch } from '@primatrix/services';
import { workspaceRoot } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';

const infra = join(workspaceRoot(), 'infra');
const silent = { info() {}, warn() {}, error() {} };

/** Labels by series, as services offer them; a histogram has three. `instance` and `job` are Prometheus' own. */
const offered = new Map(
  new ServiceWatch(silent).metrics.describe().flatMap(({ name, type, labels }) => {
    const all = new Set([...labels, 'instance', 'job']);
    return type === 'histogram'
      ? [
          [`${name}_bucket`, new Set([...all, 'le'])] as const,
          [`${name}_sum`, all] as const,
          [`${name}_count`, all] as const,
        ]
      : [[name, all] as const];
  }),
);

interface Query {
  /** Labels that are asked of each series: by its own matchers, and by the groupings around it. */
  readonly series: { readonly name: string; readonly labels: readonly string[] }[];
  /** Labels that the result still has; undefined where nothing groups them. */
  readonly left: ReadonlySet<string> | undefined;
  readonly broken: boolean;
}

/** Reads a query with Prometheus' own grammar. */
function readQuery(text: string): Query {
  // Grafana's variables stand where values do.
  const query = text.replaceAll('$__rate_interval', '5m').replaceAll('$family', '.*');
  const series: { name: string; labels: string[]; at: number }[] = [];
  const groups: { labels: string[]; from: number; to: number }[] = [];
  let broken = false;
  parser.parse(query).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) broken = true;
      const word = query.slice(from, to);
      if (type.name === 'VectorSelector') series.push({ name: '', labels: [], at: from });
      else if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') {
        Object.assign(series.at(-1) ?? {}, { name: word });
      } else if (type.name === 'GroupingLabels') {
        // Of `sum by (…)` the aggregation, of `unless on (…)` both its sides.
        const around = node.parent?.parent;
        groups.push({ labels: [], from: around?.from ?? 0, to: around?.to ?? query.length });
      } else if (type.name === 'LabelName') {
        if (node.parent?.name === 'GroupingLabels') groups.at(-1)?.labels.push(word);
        else series.at(-1)?.labels.push(word);
      }
    },
  });
  const within = series.map(({ name, labels, at }) => ({
    name,
    labels: [...labels, ...groups.filter(({ from, to }) => from <= at && at < to).flatMap((group) => group.labels)],
  }));
  return { series: within, left: groups[0] === undefined ? undefined : new Set(groups[0].labels), broken };
}

function check(text: string, shown: string): string[] {
  const { series, left, broken } = readQuery(text);
  const wrong = broken || series.length === 0 ? [`${text}: no query`] : [];
  for (const { name, labels } of series) {
    const known = offered.get(name);
    if (known === undefined) wrong.push(`${text}: services have no ${name}`);
    else {
      wrong.push(
        ...labels.filter((label) => !known.has(label)).map((label) => `${text}: ${name} has no label ${label}`),
      );
    }
  }
  for (const [, label = ''] of shown.matchAll(/\{\{ *(?:\$labels\.)?(\w+) *\}\}/g)) {
    const has = left?.has(label) ?? series.every(({ name }) => offered.get(name)?.has(label));
    if (!has) wrong.push(`${text}: its result has no label ${label}`);
  }
  return wrong;
}

describe('names and labels of metrics', () => {
  it('are the same in the dashboard as in the services', async () => {
    const { panels, templating } = JSON.parse(await readFile(join(infra, 'dashboards/families.json'), 'utf8')) as {
      panels: { targets: { expr: string; legendFormat: string }[] }[];
      templating: { list: { definition?: string }[] };
    };
    const targets = panels.flatMap((panel) => panel.targets);
    expect(targets.length).toBeGreaterThan(8);
    expect(targets.flatMap(({ expr, legendFormat }) => check(expr, legendFormat))).toEqual([]);
    const choices = templating.list.flatMap(({ definition }) => definition ?? []);
    expect(choices).toHaveLength(1);
    for (const choice of choices) {
      const [, name = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(choice) ?? [];
      expect(offered.get(name)?.has(label), choice).toBe(true);
    }
    // All that services offer is shown, but for the count that a histogram has by the way.
    const used = new Set(targets.flatMap(({ expr }) => readQuery(expr).series.map(({ name }) => name)));
    expect([...offered.keys()].filter((name) => !used.has(name))).toEqual(['primatrix_stage_seconds_count']);
  });

  it('are the same in the rules of Prometheus, whose words name labels that there are', async () => {
    const config = parseYaml(await readFile(join(infra, 'prometheus/prometheus.yaml'), 'utf8')) as {
      rule_files: string[];
    };
    expect(config.rule_files).toEqual(['alerts.yaml']);
    const compose = await readFile(join(infra, 'compose.yaml'), 'utf8');
    expect(compose).toContain("'./prometheus/alerts.yaml:/etc/prometheus/alerts.yaml:ro'");
    const { groups } = parseYaml(await readFile(join(infra, 'prometheus/alerts.yaml'), 'utf8')) as {
      groups: {
        rules: { alert: string; expr: string; labels: { severity: string }; annotations: { summary: string } }[];
      }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(3);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    expect(rules.flatMap(({ expr, annotations }) => check(expr, annotations.summary))).toEqual([]);
  });

  it.each([
    ['sum by (family) (rate(primatrix_message_total[5m]))', '', 'no primatrix_message_total'],
    ['sum by (famly) (rate(primatrix_messages_total[5m]))', '', 'no label famly'],
    ['rate(primatrix_failures_total{reason="x"}[5m])', '', 'no label reason'],
    ['sum by (family) (primatrix_stage_seconds)', '', 'no primatrix_stage_seconds'],
    ['sum by (le) (rate(primatrix_messages_total[5m]))', '', 'no label le'],
    ['primatrix_consumer_lag > 0 unless on (clip) primatrix_messages_total', '', 'no label clip'],
    ['sum by (family) (primatrix_consumer_lag)', '{{version}}', 'no label version'],
    ['sum by (family (primatrix_consumer_lag)', '', 'no query'],
  ])('would be found wrong in %s', (query, shown, wrong) => {
    expect(check(query, shown).join('\n')).toContain(wrong);
  });
});
