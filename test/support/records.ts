import type { LogsSnapshot } from '../../src/estate/logs-snapshot.ts';
import { DAY_S, seconds } from '../../src/kernel/time.ts';
import { emptyTally, finishTally } from '../../src/leases/tally.ts';
import type { Aggregates } from '../../src/store/aggregates.ts';
import { hostName } from './host-name.ts';

const CLIENT = '8d3ed6a5-7be9-4d13-b7cf-0e5c1a3b2f10';
const WINDOWS = '73111121-5638-40f6-bc11-f1d7b0d64300';

/** The records of two hosts; the log of the second is no longer read. */
export function aggregates(now: number): Aggregates {
  const tally = {
    ...emptyTally(),
    leases: 40,
    nextExpiry: now + DAY_S,
    warn: 3,
    critical: 1,
    ended: 2,
    heard: 30,
    stalled: 3,
  };
  tally.states.valid = 35;
  tally.states.expiring = 3;
  tally.states.expired = 2;
  tally.expiring[0] = 1;
  tally.byAge[1] = 40;
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
        margins: [{ cls: 'client', margin: 36, breach: seconds(now + 20 * DAY_S) }],
        skewed: 1,
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
        margins: [{ cls: 'office', margin: -1, breach: seconds(now - DAY_S) }],
        skewed: 0,
      },
    ],
    classes: [{ cls: 'client', tally: finishTally(tally), tolerated: 2, stalledRatio: 0.1 }],
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
    retrying: [{ host: hostName('kms01.corp.example'), cls: 'client', retrying: 2, long: 1 }],
    duplicateClientIds: 1,
    unknownProducts: 0,
    forgotten: 5,
    requests: [{ host: hostName('kms01.corp.example'), cls: 'client', result: 'ok', count: 1234 }],
    requestsLastHour: [{ host: hostName('kms01.corp.example'), cls: 'client', result: 'ok', count: 7 }],
    ingest: [{ source: 'http', result: 'accepted', count: 1234 }],
    refused: [{ host: hostName('kms01.corp.example'), product: 'Office LTSC 2024 Professional Plus' }],
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
