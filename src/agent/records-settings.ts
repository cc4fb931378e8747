import type { Config } from '../config/schema.ts';
import { secretSource } from '../config/secrets.ts';
import type { RecordsView } from '../estate/records.ts';
import { foldAliases } from '../estate/settings.ts';
import type { Clock } from '../kernel/clock.ts';
import type { NamedProduct } from '../products/product.ts';
import type { Aggregates } from '../store/aggregates.ts';
import type { IngestSettings } from '../web/web-source.ts';

/** What the logs tell, with the part of the configuration that judges it. */
export function recordsView(config: Config, aggregates: Aggregates | undefined, clock: Clock): RecordsView {
  return {
    aggregates,
    now: clock.now() / 1000,
    thresholds: config.thresholds,
    warnMargins: config.warn_margins,
    staleAfter: config.activations.stale_after / 1000,
    stalledLimit: config.leases.stalled,
  };
}

export function ingestSettings({ ingest, hosts }: Config): IngestSettings {
  return {
    token: secretSource(ingest.token, ingest.token_file),
    maxBody: ingest.max_body,
    pushes: hosts.flatMap(({ name, report }) => {
      const token = secretSource(report?.push?.token, report?.push?.token_file);
      return token === undefined ? [] : [{ host: name, token }];
    }),
    fold: foldAliases(hosts),
  };
}

/** What the configuration calls products, by activation id. */
export function namedProducts({ products }: Config): ReadonlyMap<string, NamedProduct> {
  return new Map(products.map(({ activation_id, name, class: cls }) => [activation_id, { name, class: cls }]));
}
