import type { OpenCondition } from '../conditions/condition.ts';
import type { SecretSource } from '../config/secrets.ts';
import type { EstateView } from '../estate/view.ts';
import type { Result } from '../kernel/result.ts';
import type { StoreAccess } from '../store/store-types.ts';

/** How log records are taken in. */
export interface IngestSettings {
  /** Undefined: they are not. */
  readonly token: SecretSource | undefined;
  /** Octets of one request, after decompression. */
  readonly maxBody: number;
}

/** What the routes read, and the one thing that they may ask for. No route causes a poll. */
export interface WebSource {
  readonly version: string;
  /** The whole page of metrics. */
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>;
  estate(): EstateView;
  /** What is wrong, the critical first; before the first rounds have ended, what was when the agent last ran. */
  conditions(): readonly OpenCondition[];
  store(): StoreAccess;
  ingest(): IngestSettings;
  /** True once the first round of every loop has ended. */
  ready(): boolean;
  /** The effective configuration as YAML, secrets hidden. */
  configuration(): string;
  /** Reads the configuration file again; what is wrong with it otherwise. */
  reload(): Promise<Result<undefined, string>>;
}
