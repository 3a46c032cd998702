import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';

const root = workspaceRoot();

describe('the dashboard', () => {
  const agreed = [
    'primatrix_broker_up',
    'primatrix_consumer_lag',
    'primatrix_failures_total',
    'primatrix_messages_total',
    'primatrix_retries_total',
    'primatrix_stage_seconds',
  ];

  it('shows metrics by the names that services give them', async () => {
    const { panels, uid } = JSON.parse(await readFile(join(root, 'infra/dashboards/families.json'), 'utf8')) as {
      uid: string;
      panels: { id: number; title: string; targets: { expr: string }[] }[];
    };
    expect(uid).toMatch(/^[a-z-]{1,40}$/);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const used = new Set(
      panels
        .flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/primatrix_[a-z_]+/g) ?? []))
        .map((name) => name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect([...used].sort()).toEqual(agreed);
    // Where services have metrics, these must be among them.
    const inCode = new Set<string>();
    for (const lib of ['services', 'messaging']) {
      for (const name of await readdir(join(root, 'libs', lib, 'src'), { recursive: true })) {
        if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
        for (const metric of (await readFile(join(root, 'libs', lib, 'src', name), 'utf8')).match(
          /\bprimatrix_[a-z_]+/g,
        ) ?? []) {
          inCode.add(metric);
        }
      }
    }
    if (inCode.size > 0) expect([...inCode]).toEqual(expect.arrayContaining(agreed));
  });
});
