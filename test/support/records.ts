import type { LogsSnapshot } from '../../src/estate/logs-snapshot.ts';
import { DAY_S, seconds } from '../../src/kernel/time.ts';
import { AGE_DAYS, type ClassTally, EXPIRING_WITHIN_DAYS } from '../../src/leases/tally.ts';
import type { Aggregates } from '../../src/store/aggregates.ts';
import { hostName } from './host-name.ts';

const CLIENT = '8d3ed6a5-7be9-4d13-b7cf-0e5c1a3b2f10';
const WINDOWS = '73111121-5638-40f6-bc11-f1d7b0d64300';

/** The records of two hosts; the log of the second is no longer read. */
export function aggregates(now: number): Aggregates {
  const tally: ClassTally = {
    leases: 40,
    states: {
      ...{ other_license: 0, unactivated: 0, expired: 2, expiring: 3, renewal_failing: 0, renewal_overdue: 0 },
      valid: 35,
    },
    expiring: EXPIRING_WITHIN_DAYS.map(() => 1),
    warn: 3,
    critical: 1,
    ended: 2,
    byAge: [0, ...AGE_DAYS.map(() => 40)],
    nextExpiry: now + DAY_S,
  };
  return {
    asOf: seconds(now),
    hosts: [
      {
        host: hostName('kms01.corp.example'),
        lastEvent: seconds(now - 60),
        firstRecord: seconds(now - 400 * DAY_S),
        lastArrival: seconds(now - 30),
        lastPush: seconds(now - 30),
        gaps: 1,
        lastGap: seconds(now - DAY_S),
        failures: [{ kind: 'init', time: seconds(now - 1000) }],
        dnsPublish: [{ domain: hostName('corp.example'), result: 'failure', time: seconds(now - 500) }],
        pools: [{ pool: 'windows', lastRequest: seconds(now - 60), idleLimit: seconds(259_200), census: 61 }],
        counts: [{ pool: 'windows', own: 45, census: 61, disagrees: false }],
        margins: [{ cls: 'client', margin: 36, breach: seconds(now + 20 * DAY_S) }],
        open: [],
        skewed: 1,
        skewedNames: ['ws-0417.corp.example'],
      },
      {
        host: hostName('kms02.corp.example'),
        lastEvent: seconds(now - 5 * DAY_S),
        firstRecord: seconds(now - 400 * DAY_S),
        lastArrival: seconds(now - 5 * DAY_S),
        lastPush: seconds(now - 5 * DAY_S),
        gaps: 0,
        lastGap: undefined,
        failures: [],
        dnsPublish: [],
        pools: [{ pool: 'office', lastRequest: seconds(now - 5 * DAY_S), idleLimit: seconds(259_200), census: 4 }],
        counts: [],
        margins: [{ cls: 'office', margin: -1, breach: seconds(now - DAY_S) }],
        open: [],
        skewed: 0,
        skewedNames: [],
      },
    ],
    reporting: [],
    classes: [
      {
        ...{ cls: 'client', tally, tolerated: 2, isQuiet: false },
        renewals: [{ host: hostName('kms01.corp.example'), heard: 30, stalled: 3 }],
      },
    ],
    soonest: [
      {
        client: 'ws-0417.corp.example',
        clientId: CLIENT,
        product: 'Windows 10/11 Enterprise',
        activationId: WINDOWS,
        cls: 'client',
        expiry: seconds(now + DAY_S),
      },
    ],
    seriesDropped: 37,
    machines: { physical: 30, virtual: 10 },
    retrying: [{ host: hostName('kms01.corp.example'), cls: 'client', retrying: 2, long: 1, skewed: 0 }],
    duplicateClientIds: 1,
    duplicateMachines: 2,
    duplicateNames: ['ws-0417.corp.example', 'ws-0418.corp.example'],
    unknownProducts: 0,
    forgotten: 5,
    reclassified: 2,
    requests: [{ host: hostName('kms01.corp.example'), cls: 'client', result: 'ok', count: 1234 }],
    requestsLastHour: [{ host: hostName('kms01.corp.example'), cls: 'client', result: 'ok', count: 7 }],
    ingest: [{ source: 'http', result: 'accepted', count: 1234 }],
    failedRatios: [
      {
        host: hostName('kms01.corp.example'),
        pool: 'windows',
        ratio: 0.25,
        isClock: false,
        failures: [{ result: 'sl_e_vl_invalid_timestamp', count: 7 }],
      },
    ],
    refused: [
      {
        host: hostName('kms01.corp.example'),
        cls: 'office',
        activationId: '8d368fc1-9470-4be2-8d66-90e836cbb051',
        product: 'Office LTSC 2024 Professional Plus',
      },
    ],
    products: [
      { activationId: '8d368fc1-9470-4be2-8d66-90e836cbb051', product: 'Office LTSC 2024 Professional Plus' },
      { activationId: '85dd8b5f-eaa4-4af3-a628-cce9e77c9a03', product: 'Office 2019 Professional Plus' },
    ],
  };
}

export function records(now: number, known: Aggregates | undefined = aggregates(now)): LogsSnapshot {
  return {
    aggregates: known,
    now: seconds(now),
    thresholds: { client: 25, server: 5, office: 5 },
    warnMargins: { client: 5, server: 1, office: 1 },
    staleAfter: seconds(3 * DAY_S),
    stalledLimit: 0.2,
    criticalWithin: seconds(7 * DAY_S),
  };
}

/** The same while the history of the first host is coming in. @param historyAt when a record of it last came */
export function readingSince(logs: LogsSnapshot, historyAt: number): LogsSnapshot {
  const [first, ...others] = logs.aggregates?.hosts ?? [];
  if (logs.aggregates === undefined || first === undefined) throw new Error('there is no host');
  return {
    ...logs,
    aggregates: { ...logs.aggregates, hosts: [{ ...first, historyAt: seconds(historyAt) }, ...others] },
  };
}
