import type { Config } from '../config/schema.ts';
import { secretSource } from '../config/secrets.ts';
import type { RecordsView } from '../estate/records.ts';
import type { Clock } from '../kernel/clock.ts';
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

/** The same for whoever may not see the names of machines: no lease has a series of its own. */
export function withoutMachines(records: RecordsView): RecordsView {
  const { aggregates } = records;
  if (aggregates === undefined) return records;
  const seriesDropped = aggregates.seriesDropped + aggregates.soonest.length;
  return { ...records, aggregates: { ...aggregates, soonest: [], seriesDropped } };
}

export function ingestSettings({ ingest }: Config): IngestSettings {
  return { token: secretSource(ingest.token, ingest.token_file), maxBody: ingest.max_body };
}
