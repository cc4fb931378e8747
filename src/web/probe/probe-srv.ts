import { serversDisagree, unionOfRecords } from '../../discovery/drift.ts';
import { lookupSrv } from '../../discovery/lookup-srv.ts';
import type { SrvLookup } from '../../discovery/types.ts';
import type { HostName } from '../../kernel/host-name.ts';
import { type Millis, millis } from '../../kernel/time.ts';
import type { LiveProbeContext } from './live-probe-context.ts';
import type { ProbeText } from './probe-text.ts';

/** Asks every name server at once. @param timeout milliseconds for all of it */
export function lookUpEverywhere(
  context: LiveProbeContext,
  domain: HostName,
  timeout: Millis,
  signal: AbortSignal,
): Promise<readonly SrvLookup[]> {
  const { attempts } = context.lookup;
  const each = millis(Math.min(context.lookup.timeout, timeout / attempts));
  const { clock, random } = context;
  const options = { timeout: each, attempts, clock, random, signal };
  return Promise.all(context.servers.map((server) => lookupSrv(domain, server, options)));
}

/** @returns whether a client can find a KMS host: at least one server has a record */
export function writeSrv(text: ProbeText, lookups: readonly SrvLookup[]): boolean {
  const answers = lookups.flatMap(({ result }) => (result.ok ? [result.value.records] : []));
  for (const { server, duration, result } of lookups) {
    const labels = { server: server.label };
    text.add('probe_srv_lookup_success', result.ok, labels);
    text.add('probe_srv_lookup_duration_seconds', duration, labels);
    if (result.ok) text.add('probe_srv_server_records', result.value.records.length, labels);
  }
  const union = unionOfRecords(answers);
  text.add('probe_srv_records', union.length);
  for (const { target, port, priority, weight } of union) {
    const labels = { host: target, port: String(port), priority: String(priority), weight: String(weight) };
    text.add('probe_srv_record_info', true, labels);
  }
  if (answers.length > 0) text.add('probe_srv_servers_disagree', serversDisagree(answers));
  return union.length > 0;
}

/** For a person who debugs. */
export function describeSrv(lookups: readonly SrvLookup[]): readonly string[] {
  if (lookups.length === 0) return ['no name server is known: set discovery.servers'];
  return lookups.flatMap(({ server, result }) => {
    if (!result.ok) return [`${server.label}: ${result.error.reason}: ${result.error.detail}`];
    const { status, records, flaws } = result.value;
    return [
      `${server.label}: ${status}`,
      ...records.map((each) => `  SRV ${each.priority} ${each.weight} ${each.port} ${each.target} (TTL ${each.ttl} s)`),
      ...flaws.map((flaw) => `  ${flaw.kind}: ${flaw.text}`),
    ];
  });
}
