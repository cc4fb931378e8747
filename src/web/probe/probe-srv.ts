import { serversDisagree, unionOfRecords } from '../../discovery/drift.ts';
import { lookupSrv } from '../../discovery/lookup-srv.ts';
import type { SrvLookup } from '../../discovery/types.ts';
import type { HostName } from '../../kernel/host-name.ts';
import { type Millis, millis } from '../../kernel/time.ts';
import type { LiveProbeContext } from './live-probe-context.ts';
import { family, labelledFamily, labelText } from './probe-text.ts';

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

/** The families of the lookups; a success if a client can find a KMS host: at least one server has a record. */
export function srvText(lookups: readonly SrvLookup[]): { readonly success: boolean; readonly text: string } {
  const answers = lookups.flatMap(({ result }) => (result.ok ? [result.value.records] : []));
  const union = unionOfRecords(answers);
  const perServer = (value: (lookup: SrvLookup) => number | boolean | undefined) =>
    lookups.map((lookup) => [labelText({ server: lookup.server.label }), value(lookup)] as const);
  const text = [
    labelledFamily(
      'probe_srv_lookup_success',
      perServer(({ result }) => result.ok),
    ),
    labelledFamily(
      'probe_srv_lookup_duration_seconds',
      perServer(({ duration }) => duration),
    ),
    labelledFamily(
      'probe_srv_server_records',
      perServer(({ result }) => (result.ok ? result.value.records.length : undefined)),
    ),
    family('probe_srv_records', union.length),
    labelledFamily(
      'probe_srv_record_info',
      union.map(({ target, port, priority, weight }) => [
        labelText({ host: target, port: String(port), priority: String(priority), weight: String(weight) }),
        true,
      ]),
    ),
    answers.length > 0 ? family('probe_srv_servers_disagree', serversDisagree(answers)) : '',
  ];
  return { success: union.length > 0, text: text.join('') };
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
