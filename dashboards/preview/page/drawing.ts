import type { FieldConfigSource } from '@grafana/data';

/** A dashboard and the answers of Prometheus to it; plain data, from Node.js to the page. */
export interface Drawing {
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Labels of the variables, and the selected values of each. */
  readonly choices: readonly (readonly [label: string, text: string])[];
  readonly panels: readonly DrawnPanel[];
}

export interface DrawnPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  // Its content depends on the type, as in Grafana.
  readonly options: Readonly<Record<string, unknown>>;
  readonly fieldConfig: FieldConfigSource;
  readonly transformations: readonly { readonly id: string; readonly options: unknown }[];
  readonly answers: readonly Answer[];
}

/** Of one query. */
export interface Answer {
  readonly refId: string;
  readonly legend: string;
  readonly format: string;
  /** Seconds between two points. */
  readonly step: number;
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly points: readonly (readonly [at: number, value: string])[];
  }[];
}
