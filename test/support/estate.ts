import type { LookupFailureReason, NameServer, RecordFlaw, SrvLookup, SrvRecord } from '../../src/discovery/types.ts';
import { Estate } from '../../src/estate/estate.ts';
import type { EstateSettings } from '../../src/estate/settings.ts';
import { parseHostPort } from '../../src/kernel/address.ts';
import { err, ok } from '../../src/kernel/result.ts';
import { HOUR_MS, MINUTE_MS, millis, seconds } from '../../src/kernel/time.ts';
import type { HostProbe, ProbeOutcome } from '../../src/probe/types.ts';
import { hostName } from './host-name.ts';

/** Schedules of 5 minutes, 1 minute and 1 hour, as by default. */
export const LIMITS = {
  discovery: millis(15 * MINUTE_MS),
  probe: millis(3 * MINUTE_MS),
  impostor: millis(3 * HOUR_MS),
  reports: millis(15 * MINUTE_MS),
};

export function server(label: string): NameServer {
  const named = parseHostPort(label);
  if (!named.ok) throw new Error(named.error);
  return { label, host: named.value.host, port: named.value.port ?? 53 };
}

export function settings(changes: Partial<EstateSettings> = {}): EstateSettings {
  return {
    domains: [{ name: hostName('corp.example'), expectedHosts: undefined }],
    servers: [server('10.0.0.53')],
    hosts: [],
    names: changes.hosts ?? [],
    search: [],
    limits: LIMITS,
    ...changes,
  };
}

export function estate(changes: Partial<EstateSettings> = {}): Estate {
  return new Estate(settings(changes));
}

/** `kms01.corp.example`, `kms01.corp.example:1689`, `kms01.corp.example:1688/10/20` (priority, weight). */
export function srv(text: string, ttl = 3600): SrvRecord {
  const [, target = '', port = '1688', priority = '0', weight = '0'] =
    /^([^:/]+)(?::(\d+))?(?:\/(\d+)\/(\d+))?$/.exec(text) ?? [];
  return { target: hostName(target), port: Number(port), priority: Number(priority), weight: Number(weight), ttl };
}

export function answer(
  at: number,
  records: readonly string[],
  { domain = 'corp.example', from = '10.0.0.53', flaws = [] as readonly RecordFlaw[] } = {},
): SrvLookup {
  const status = records.length > 0 ? 'records' : 'nodata';
  return lookup(at, domain, from, ok({ status, records: records.map((record) => srv(record)), flaws, glue: [] }));
}

export function failure(
  at: number,
  reason: LookupFailureReason,
  { domain = 'corp.example', from = '10.0.0.53' } = {},
): SrvLookup {
  return lookup(at, domain, from, err({ reason, detail: `test: ${reason}` }));
}

function lookup(at: number, domain: string, from: string, result: SrvLookup['result']): SrvLookup {
  return {
    domain: hostName(domain),
    server: server(from),
    at: millis(at),
    duration: seconds(0.002),
    ignored: { malformed: 0, mismatch: 0 },
    result,
  };
}

export function probe(at: number, host: string, outcome: ProbeOutcome = 'ok', port = 1688): HostProbe {
  const reached = outcome === 'ok';
  const phases = { resolve: 0.001, connect: reached ? 0.002 : undefined, bind: reached ? 0.003 : undefined };
  const detail = `test: ${outcome}`;
  const address = { address: '192.0.2.1', outcome, detail, connect: phases.connect, bind: phases.bind };
  return {
    host: hostName(host),
    port,
    at: millis(at),
    outcome,
    detail,
    addresses: outcome === 'unresolvable' ? [] : [address],
    phases,
  };
}
