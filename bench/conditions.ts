import { CATALOGUE } from '../src/conditions/catalogue.ts';
import { OpenConditions } from '../src/conditions/open-conditions.ts';
import type { ConditionSnapshot } from '../src/conditions/snapshot.ts';
import { DAY_S, HOUR_S, millis, seconds } from '../src/kernel/time.ts';
import type { HostAggregates } from '../src/store/aggregates.ts';
import { estate, probe, srv } from '../test/support/estate.ts';
import { hostName } from '../test/support/host-name.ts';
import { hostReport, withHosts } from '../test/support/host-snapshot.ts';
import { aggregates, records } from '../test/support/records.ts';
import { milliseconds, print } from './report.ts';

const HOSTS = 1000;
const LEASES = 1_000_000;
const NOW = 1_700_000_000;
const RUNS = 50;
/** One in this many hosts is down, is stale, is idle, has failed: more than ever were in trouble. */
const ODD = 10;

/** `npm run bench conditions`: one evaluation of every condition for a very large estate. */
export async function conditions(): Promise<void> {
  const snapshot = largeEstate();
  const open = new OpenConditions();
  const times = Array.from({ length: RUNS }, (_, run) => {
    const before = process.cpuUsage();
    open.evaluate(snapshot, millis(NOW * 1000 + run));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }).sort((a, b) => a - b);
  print(`Conditions: ${HOSTS} hosts, ${LEASES} leases, ${CATALOGUE.length} rules, ${open.all.length} findings`, [
    { what: 'CPU time of one evaluation, median', value: milliseconds(times[RUNS / 2] ?? 0), bar: '20 ms' },
    { what: 'the slowest, which is mostly the first', value: milliseconds(times.at(-1) ?? 0) },
  ]);
}

function largeEstate(): ConditionSnapshot {
  const names = Array.from({ length: HOSTS }, (_, index) => hostName(`kms${index}.corp.example`));
  const watched = estate({ domains: [{ name: hostName('corp.example'), expectedHosts: names }] });
  const answered = { status: 'records', records: names.map((name) => srv(name)), flaws: [], glue: [] } as const;
  const server = { label: '10.0.0.53', host: hostName('10.0.0.53'), port: 53 };
  const at = NOW * 1000;
  const ignored = { malformed: 0, mismatch: 0 };
  watched.recordLookup({
    domain: hostName('corp.example'),
    server,
    at: millis(at),
    duration: seconds(0.1),
    ignored,
    result: { ok: true, value: answered },
  });
  for (const [index, name] of names.entries())
    watched.recordProbe(probe(at, name, index % ODD === 0 ? 'refused' : 'ok'));
  const last = hostReport(at);
  const report = { up: true, failure: undefined, fresh: last, last };
  const snapshot = withHosts(watched.snapshot(millis(at)), Object.fromEntries(names.map((name) => [name, { report }])));
  const base = aggregates(NOW);
  const [first] = base.hosts;
  const hosts = first === undefined ? [] : names.map((host, index) => hostAggregates(first, host, index));
  const classes = base.classes.map((cls) => ({ ...cls, tally: { ...cls.tally, leases: LEASES } }));
  return {
    estate: snapshot,
    logs: records(NOW, { ...base, hosts, classes }),
    agent: undefined,
    risen: new Set(names.slice(0, HOSTS / ODD)),
  };
}

function hostAggregates(like: HostAggregates, host: string, index: number): HostAggregates {
  const isIdle = index % ODD === 1;
  const lastRequest = seconds(NOW - (isIdle ? 100 * HOUR_S : HOUR_S));
  const trouble = index % ODD === 3 ? {} : { failures: [], dnsPublish: [], skewed: 0 };
  return {
    ...like,
    ...trouble,
    host: hostName(host),
    lastArrival: seconds(index % ODD === 2 ? 0 : NOW - 60),
    pools: (['windows', 'office'] as const).map((pool) => ({
      pool,
      lastRequest,
      idleLimit: seconds(259_200),
      census: 61,
    })),
    margins: (['client', 'server', 'office'] as const).map((cls) => ({
      cls,
      margin: index - 10,
      breach: seconds(NOW + (30 - (index % ODD) * 2) * DAY_S),
    })),
  };
}
