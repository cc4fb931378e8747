import { z } from 'zod';

const Labels = z.record(z.string(), z.string());
const Point = z.tuple([z.number(), z.string()]);

const Answer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), data: z.unknown() }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);
const Vector = z.array(z.object({ metric: Labels, value: Point }));
const Result = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('vector'), result: Vector }),
  z.object({ resultType: z.literal('scalar'), result: Point }),
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: Labels, values: z.array(Point) })),
  }),
]);
const Rules = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.object({
          type: z.enum(['alerting', 'recording']),
          name: z.string(),
          health: z.string(),
          lastError: z.string().optional(),
          alerts: z.array(z.object({ labels: Labels, state: z.string() })).optional(),
        }),
      ),
    }),
  ),
});

export type Rule = z.infer<typeof Rules>['groups'][number]['rules'][number];

/** A series and its samples: seconds since the epoch, and the value as Prometheus writes it. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [at: number, value: string])[];
}

/** Seconds since the epoch; the step in seconds as well. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** The parts of Prometheus' HTTP API by which Grafana reads it. */
export class PrometheusApi {
  readonly #url: string;

  /** @param url without a path */
  constructor(url: string) {
    this.#url = url;
  }

  /** @throws with Prometheus' own words when it does not take the expression */
  instant(query: string, time: number): Promise<readonly Series[]> {
    return this.#series('query', { query, time: String(time) });
  }

  /** @throws as `instant` */
  range(query: string, { start, end, step }: Span): Promise<readonly Series[]> {
    return this.#series('query_range', { query, start: String(start), end: String(end), step: String(step) });
  }

  async labelValues(selector: string, label: string, { start, end }: Omit<Span, 'step'>): Promise<readonly string[]> {
    const parameters = { 'match[]': selector, start: String(start), end: String(end) };
    return z.array(z.string()).parse(await this.#get(`label/${label}/values`, parameters));
  }

  async rules(): Promise<readonly Rule[]> {
    return Rules.parse(await this.#get('rules', {})).groups.flatMap(({ rules }) => rules);
  }

  async #series(path: string, parameters: Readonly<Record<string, string>>): Promise<readonly Series[]> {
    const found = Result.parse(await this.#get(path, parameters));
    if (found.resultType === 'scalar') return [{ labels: {}, points: [found.result] }];
    if (found.resultType === 'vector') {
      return found.result.map(({ metric, value }) => ({ labels: metric, points: [value] }));
    }
    return found.result.map(({ metric, values }) => ({ labels: metric, points: values }));
  }

  async #get(path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const answer = Answer.parse(await response.json());
    if (answer.status === 'error') throw new Error(`${answer.errorType}: ${answer.error}`);
    return answer.data;
  }
}
