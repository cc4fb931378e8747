import { escapeLabel } from '../../exposition/family-text.ts';

/** The families of `/probe`, with what their HELP says. All are gauges. */
const FAMILIES = {
  probe_success: 'Whether the probe was a success',
  probe_duration_seconds: 'Duration of the whole probe',
  probe_timeout_seconds: 'Time limit of the probe',
  probe_dns_lookup_time_seconds: 'Duration of the name resolution',
  probe_ip_protocol: 'IP version of the address with the best outcome',
  probe_addresses: 'Addresses that were tried',
  probe_addresses_failing: 'Addresses with an outcome other than ok',
  probe_outcome: '1 for the best outcome over the addresses, 0 for all others',
  probe_phase_duration_seconds:
    'Duration of each phase at the address with the best outcome; absent if the phase was not reached',
  probe_srv_lookup_success: '1 if the name server answered; an empty answer counts',
  probe_srv_lookup_duration_seconds: 'Duration of the lookup at the name server, including retries',
  probe_srv_server_records: 'Usable SRV records in the answer of the name server',
  probe_srv_records: 'Usable SRV records in the union of the answers',
  probe_srv_record_info: '1 for each SRV record in the union of the answers',
  probe_srv_servers_disagree: '1 if the answers of the name servers differ',
} as const;
type ProbeFamily = keyof typeof FAMILIES;

const HEADS = Object.fromEntries(
  Object.entries(FAMILIES).map(([name, help]) => [name, `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`]),
) as Readonly<Record<ProbeFamily, string>>;

/*
 * Text of the format 0.0.4. The registry of a library costs as much as the probe itself when it is made for every request.
 */

/** A family of one sample without labels. */
export function family(name: ProbeFamily, value: number | boolean): string {
  return `${HEADS[name]}${name} ${Number(value)}\n`;
}

/** A family with labels, without the samples that have no value; nothing when there is none. @param samples labels as by `labelText` */
export function labelledFamily(
  name: ProbeFamily,
  samples: readonly (readonly [labels: string, value: number | boolean | undefined])[],
): string {
  let lines = '';
  for (const [labels, value] of samples) {
    if (value !== undefined) lines += `${name}${labels} ${Number(value)}\n`;
  }
  return lines === '' ? '' : HEADS[name] + lines;
}

/** Labels as they are after the name of a family. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escapeLabel(text)}"`);
  return `{${pairs.join(',')}}`;
}
