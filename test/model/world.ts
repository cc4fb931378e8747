import type { HostName } from '../../src/kernel/host-name.ts';
import type { Seconds } from '../../src/kernel/time.ts';
import type { KeyCount } from '../../src/leases/reported.ts';
import type { LeaseClass, LeaseRequest, LeaseSettings, Pool, ThresholdClass } from '../../src/leases/types.ts';
import type { Coverage } from '../../src/products/coverage.ts';

/** A record as the host wrote it, before anybody knows its product. */
export type ModelRecord = Omit<LeaseRequest, 'cls' | 'pool'>;

export interface ModelReport {
  readonly host: string;
  readonly time: number;
  readonly keys: readonly KeyCount[];
  /** Seconds. */
  readonly activationInterval: Seconds | undefined;
}

/** A dated licence row, or an event of a client, under the name that its source has. */
export interface ModelWord {
  readonly machine: string;
  readonly activationId: string;
  readonly time: number;
  readonly status: number;
  readonly minutes: number;
}

export interface ModelSettings extends LeaseSettings {
  readonly thresholds: Readonly<Record<ThresholdClass, number>>;
  /** `reports.stale_after`, seconds. */
  readonly reportStaleAfter: number;
  readonly seriesLimit: number;
  /** What hosts are there for, where that is configured. */
  readonly serves: Readonly<Record<string, readonly ThresholdClass[]>>;
}

/** All that the state of the leases is a function of. */
export interface World {
  readonly records: readonly ModelRecord[];
  readonly reports: readonly ModelReport[];
  readonly words: readonly ModelWord[];
  /** When a host's log was found to have lost records. */
  readonly gaps: readonly { readonly host: HostName; readonly time: number }[];
  readonly retired: readonly { readonly machine: string; readonly time: number }[];
  /** Hosts whose log is not being read. */
  readonly unread: readonly string[];
  readonly settings: ModelSettings;
  readonly product: (activationId: string) => { readonly name: string; readonly cls: LeaseClass } | undefined;
  readonly resultName: (hresult: number) => string;
  readonly covers: (key: string, activationId: string) => Coverage;
  /** The classes of the products that a key covers. */
  readonly keyClasses: (key: string) => readonly ThresholdClass[];
  readonly statusName: (status: number) => string;
}

/** A lease in the shape of the API. */
export interface ModelLease {
  readonly client: string;
  readonly client_id: string;
  readonly activation_id: string;
  readonly product: string;
  readonly class: LeaseClass;
  readonly pool: Pool | null;
  readonly host: string;
  readonly virtual: boolean;
  readonly first_request: string;
  readonly last_request: string;
  readonly last_result: string;
  readonly license_status: string;
  readonly expiry: string | null;
  readonly expiry_basis: 'confirmed' | 'presumed' | null;
  readonly confirmed_expiry: string | null;
  readonly presumed_expiry: string | null;
  readonly age_seconds: number | null;
  readonly remaining_seconds: number | null;
  readonly state: string;
  readonly retrying: boolean;
  readonly duplicate: boolean;
  readonly retired: boolean;
}

export type Put = (metric: string, labels: Readonly<Record<string, string>>, value: number) => void;

/** Samples as the text format writes them, labels in the order of the alphabet: `kms_clients{kind="virtual"}` to 3. */
export type Samples = Readonly<Record<string, number>>;

export interface Picture {
  /** All that are not forgotten, superseded and retired ones too, by client id and activation id. */
  readonly leases: readonly ModelLease[];
  readonly samples: Samples;
}

export function sampleName(metric: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? metric : `${metric}{${pairs.join(',')}}`;
}

/** RFC 3339 in UTC, whole seconds. */
export function rfc3339(time: number): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z');
}
