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
export type ProbeFamily = keyof typeof FAMILIES;

const HEADERS: ReadonlyMap<string, string> = new Map(
  Object.entries(FAMILIES).map(([name, help]) => [name, `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`]),
);

const NO_LABELS: Readonly<Record<string, string>> = {};

/**
 * The registry of one probe in the text format 0.0.4: families in the order in which they are first added, and each
 * sample once. A library's registry costs as much as the probe itself when it is made for every request.
 */
export class ProbeText {
  readonly #families = new Map<ProbeFamily, string>();

  add(
    family: ProbeFamily,
    value: number | boolean | undefined,
    labels: Readonly<Record<string, string>> = NO_LABELS,
  ): void {
    if (value === undefined) return;
    const series = labels === NO_LABELS ? family : `${family}{${labelPairs(labels)}}`;
    const before = this.#families.get(family) ?? HEADERS.get(family) ?? '';
    this.#families.set(family, `${before}${series} ${Number(value)}\n`);
  }

  /** Adds a family that was written before. */
  addFamily(family: ProbeFamily, text: string): void {
    this.#families.set(family, text);
  }

  toString(): string {
    return [...this.#families.values()].join('');
  }
}

function labelPairs(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, text]) => `${name}="${escapeLabel(text)}"`)
    .join(',');
}

/** Exposition format: `\`, `"` and the end of a line. */
function escapeLabel(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
