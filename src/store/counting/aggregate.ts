import { type Seconds, seconds } from '../../kernel/time.ts';
import { isQuiet } from '../../leases/stalled.ts';
import { tolerated } from '../../leases/tolerated.ts';
import type { Aggregates, ClassAggregates, IngestResult, IngestSource, SoonestLease } from '../aggregates.ts';
import { CLASSES, classOf } from '../database/numbering.ts';
import { query } from '../database/rows.ts';
import type { State } from '../leases/state.ts';
import { countCensus } from './count-census.ts';
import { countLeases, type LeaseCount } from './count-leases.ts';
import { countMachines } from './count-machines.ts';
import { countRequests } from './count-requests.ts';
import { hostAggregates } from './host-aggregates.ts';
import { isCounted, leaseStates } from './lease-states.ts';

/** In the message of an alert. */
const DUPLICATES_NAMED = 5;

/** Counts everything that `/metrics` shows of records. @param now seconds since the epoch */
export function aggregatesOf(state: State, now: Seconds): Aggregates {
  const { names, counters } = state;
  const states = leaseStates(state, now);
  const leases = countLeases(state, states, now);
  const { physical, virtual, skewed } = countMachines(state, states, now);
  const soonest = soonestLeases(state, leases);
  return {
    asOf: now,
    ...hostAggregates(state, countCensus(state, now), skewed, leases, now),
    migration: migrationOf(state, leases),
    classes: CLASSES.flatMap((_, cls) => classAggregates(state, leases, cls, now)),
    soonest,
    seriesDropped: leases.running - soonest.length,
    hasMachines: state.table.length > 1 || hasRows(state),
    machines: { physical, virtual },
    retrying: [...leases.retrying].map(([key, sums]) => ({
      host: names.hosts.name(key >>> 2),
      cls: classOf(key & 3),
      ...sums,
    })),
    ...countDuplicates(state, now),
    forgotten: counters.get('forgotten'),
    reclassified: counters.get('reclassified'),
    ingest: [...counters.of('ingest')].map(([[source, result], count]) => ({
      source: source as IngestSource,
      result: result as IngestResult,
      count,
    })),
    ...countRequests(state, now),
  };
}

/** Whether some list names a machine, or one has said something of itself. */
function hasRows({ database }: State): boolean {
  const tables = ['inventory_rows', 'client_words'];
  return tables.some((table) => query(database, `SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined);
}

function migrationOf({ settings }: State, { migration }: LeaseCount): Aggregates['migration'] {
  const { migrating } = settings.leases;
  return migration && migrating && { ...migration, to: migrating.to, since: migrating.since };
}

function classAggregates(
  { settings, names }: State,
  { tallies, renewals, moved }: LeaseCount,
  cls: number,
  now: Seconds,
): ClassAggregates[] {
  const tally = tallies[cls];
  if (tally === undefined || tally.leases === 0) return [];
  return [
    {
      cls: classOf(cls),
      tally,
      // A share of the whole class: what is left of it in the end are the machines that were gone before they could move.
      tolerated: tolerated(settings.leases.tolerate, tally.leases + (moved[cls] ?? 0)),
      renewals: [...renewals].flatMap(([key, sums]) =>
        (key & 3) === cls ? [{ host: names.hosts.name(key >>> 2), ...sums }] : [],
      ),
      isQuiet: isQuiet(now, settings.leases.quietPeriods),
    },
  ];
}

function soonestLeases({ names, table, records, catalogue }: State, { soonest }: LeaseCount): SoonestLease[] {
  return soonest.flatMap((id): SoonestLease[] => {
    const last = records.get(table.record.get(id));
    if (last === undefined) return [];
    // By the name of its machine: the record may have the bare name, which two machines of a shared client id may share.
    const client = names.machines.name(table.machine.get(id));
    const { clientId, activationId, cls } = last;
    const product = catalogue.nameOf(activationId);
    return [{ client, clientId, product, activationId, cls, expiry: seconds(table.expiry(id)) }];
  });
}

function countDuplicates(
  state: State,
  now: Seconds,
): Pick<Aggregates, 'duplicateClientIds' | 'duplicateMachines' | 'duplicateNames'> {
  const machines = new Set<number>();
  let ids = 0;
  for (const client of state.duplicates.recent(now)) {
    const counted = [...state.table.ofClient(client)].filter((id) => isCounted(state, id, now));
    if (counted.length > 0) ids += 1;
    for (const id of counted) machines.add(state.table.machine.get(id));
  }
  const names = [...machines].map((machine) => state.names.machines.name(machine)).sort();
  return {
    duplicateClientIds: ids,
    duplicateMachines: machines.size,
    duplicateNames: names.slice(0, DUPLICATES_NAMED),
  };
}
