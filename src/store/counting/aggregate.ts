import { hostNameOfRecord } from '../../kernel/host-name.ts';
import { type Seconds, seconds } from '../../kernel/time.ts';
import { stalledRatio } from '../../leases/stalled.ts';
import { finishTally } from '../../leases/tally.ts';
import { tolerated } from '../../leases/tolerated.ts';
import type {
  Aggregates,
  ClassAggregates,
  IngestResult,
  IngestSource,
  RequestCount,
  SoonestLease,
} from '../aggregates.ts';
import { CLASSES, classOf } from '../history/catalogue.ts';
import type { State } from '../leases/state.ts';
import { countCensus } from './count-census.ts';
import { countLeases, isCounted, type LeaseCount } from './count-leases.ts';
import { countMachines } from './count-machines.ts';
import { hostAggregates } from './host-aggregates.ts';

/** Counts everything that `/metrics` shows of records. @param now seconds since the epoch */
export function aggregatesOf(state: State, now: Seconds): Aggregates {
  const { names, catalogue, counters } = state;
  const leases = countLeases(state, now);
  const { physical, virtual, skewed } = countMachines(state, now);
  const soonest = soonestLeases(state, leases);
  return {
    asOf: now,
    hosts: hostAggregates(state, countCensus(state, now), skewed, now),
    classes: CLASSES.flatMap((_, cls) => classAggregates(state, leases, cls, now)),
    soonest,
    seriesDropped: leases.running - soonest.length,
    machines: { physical, virtual },
    retrying: [...leases.retrying].map(([key, sums]) => ({
      host: hostNameOfRecord(names.hosts.name(key >>> 2)),
      cls: classOf(key & 3),
      ...sums,
    })),
    duplicateClientIds: countDuplicates(state, now),
    unknownProducts: [...names.products.entries()].filter(([, id]) => !catalogue.isNamed(id)).length,
    forgotten: counters.get('forgotten'),
    requests: requestsOf(state),
    requestsLastHour: [...state.lastHour.sums(now)].map(([key, count]) => requestCount(state, key, count)),
    ingest: [...counters.of('ingest')].map(([[source, result], count]) => ({
      source: source as IngestSource,
      result: result as IngestResult,
      count,
    })),
    refused: [...state.productUse.refused(now, (no) => catalogue.nameOf(names.products.name(no)))].map(
      ({ host, product }) => ({ host: hostNameOfRecord(names.hosts.name(host)), product }),
    ),
  };
}

function classAggregates({ settings }: State, { tallies }: LeaseCount, cls: number, now: Seconds): ClassAggregates[] {
  const sums = tallies[cls];
  if (sums === undefined || sums.leases === 0) return [];
  const tally = finishTally(sums);
  return [
    {
      cls: classOf(cls),
      tally,
      tolerated: tolerated(settings.leases.tolerate, tally.leases),
      stalledRatio: stalledRatio(tally.heard, tally.stalled, now, settings.leases),
    },
  ];
}

function soonestLeases({ table, records, catalogue }: State, { soonest }: LeaseCount): SoonestLease[] {
  return soonest.leases.flatMap((id): SoonestLease[] => {
    const last = records.get(table.record.get(id));
    if (last === undefined) return [];
    const { machine: client, clientId, activationId, cls } = last;
    const product = catalogue.nameOf(activationId);
    return [{ client, clientId, product, activationId, cls, expiry: seconds(table.expiry(id)) }];
  });
}

function countDuplicates(state: State, now: Seconds): number {
  const isInUse = (client: number) => [...state.table.ofClient(client)].some((id) => isCounted(state, id, now));
  return [...state.duplicates.clients()].filter(isInUse).length;
}

/** Under the host's one name, as arrivals were counted under the name of the time. */
function requestsOf({ counters, settings }: State): RequestCount[] {
  const sums = new Map<string, RequestCount>();
  for (const [[host = '', cls = '', result = ''], count] of counters.of('requests')) {
    const name = hostNameOfRecord(settings.aliases[host] ?? host);
    const key = `${name} ${cls} ${result}`;
    const before = sums.get(key)?.count ?? 0;
    sums.set(key, { host: name, cls: classNamed(cls), result, count: before + count });
  }
  return [...sums.values()];
}

function requestCount({ names }: State, key: string, count: number): RequestCount {
  const [host = '', cls = '', result = ''] = key.split(' ');
  return { host: hostNameOfRecord(names.hosts.name(Number(host))), cls: classNamed(cls), result, count };
}

function classNamed(name: string): RequestCount['cls'] {
  return CLASSES.find((cls) => cls === name) ?? 'unknown';
}
