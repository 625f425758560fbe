// The Grafana dashboards and Prometheus rules of monitoring/ name only what a gateway really answers.
import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startGateway } from './support/gateway.js';
import { readMetrics } from './support/prometheus.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook: string };
}

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets: readonly {
      readonly expr?: string;
      readonly root_selector?: string;
      readonly columns?: readonly { readonly selector: string }[];
      readonly url_options?: { readonly body_graphql_query: string };
    }[];
  }[];
}

const rules: readonly Rule[] = parse(read('../monitoring/prometheus/alerts.yml')).groups.flatMap(
  ({ rules: own }: { rules: Rule[] }) => own,
);
const metricsDashboard: Dashboard = JSON.parse(read('../monitoring/grafana/crawlgate-metrics.json'));
const graphqlDashboard: Dashboard = JSON.parse(read('../monitoring/grafana/crawlgate-graphql.json'));
const expressions: readonly (readonly [string, string])[] = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...metricsDashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr = '' }) => [title, expr] as const)),
];

/** What Grafana puts in place of its own variables. */
const filled = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '1h').replaceAll('$instance', '.*');

/** By Prometheus's own grammar: the names of metrics in an expression, and whether all of it was understood. */
function understood(expr: string): { readonly isPromql: boolean; readonly metrics: readonly string[] } {
  const text = filled(expr);
  const metrics: string[] = [];
  let isPromql = true;
  parser.parse(text).iterate({
    enter: ({ type, name, from, to }) => {
      if (type.isError) isPromql = false;
      if (name === 'VectorSelector') metrics.push(text.slice(from, to).split('{')[0] ?? '');
    },
  });
  return { isPromql, metrics };
}

describe('every expression of dashboard and rules', () => {
  it.each(expressions)('is PromQL: %s', (_name, expr) => {
    const { isPromql, metrics } = understood(expr);
    expect(isPromql, expr).toBe(true);
    expect(metrics.length).toBeGreaterThan(0);
  });

  it('would not be taken for PromQL with a mistake in it', () => {
    expect(understood('sum by (le (rate(crawlgate_lookups_total[5m]))').isPromql).toBe(false);
  });

  it('names metrics that /metrics has', async () => {
    await using gateway = await startGateway({ CRAWLGATE_STORE: 'embedded' });
    await gateway.ask('{ crawlResult(url: "https://a.example/") { url } }');
    const { names } = await readMetrics(gateway.port);
    // Prometheus makes `up` itself; keys are asked for again only where DynamoDB wants it, but the family is there.
    const known = new Set([...names, 'up', 'crawlgate_store_retried_keys_total']);
    const named = expressions.flatMap(([, expr]) => understood(expr).metrics);
    expect(new Set(named).size).toBeGreaterThan(20);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    expect((await readMetrics(gateway.port)).text).toContain('# TYPE crawlgate_store_retried_keys_total counter');
  });
});

describe('each alert', () => {
  it.each(rules)('$alert has a line in docs/operations.md on what to do', ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    expect(read('../docs/operations.md')).toMatch(new RegExp(`^#### ${alert}\\n\\n\\S`, 'm'));
  });
});

describe('the dashboard over GraphQL', () => {
  it('asks what the gateway answers, and shows fields that are in the answer', async () => {
    await using gateway = await startGateway({ CRAWLGATE_STORE: 'embedded', CRAWLGATE_SAMPLES: 'true' });
    for (const { title, targets } of graphqlDashboard.panels) {
      for (const { url_options: options, root_selector: root = '', columns = [] } of targets) {
        const body = await gateway.ask(options?.body_graphql_query ?? '');
        expect(body.errors, title).toBeUndefined();
        const found = pick(body, root);
        const row = Array.isArray(found) ? found[0] : found;
        for (const { selector } of columns) expect(pick(row, selector), `${title}: ${selector}`).not.toBeUndefined();
      }
    }
  });
});

describe('the dashboards', () => {
  it.each([
    ['crawlgate-metrics', metricsDashboard],
    ['crawlgate-graphql', graphqlDashboard],
  ])('%s has panels of their own ids, none of them empty', (_name, { panels }) => {
    expect(panels.length).toBeGreaterThan(3);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(panels.filter(({ targets }) => targets.length === 0)).toEqual([]);
  });
});

function pick(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], value);
}
