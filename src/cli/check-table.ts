import { styleText } from 'node:util';
import type { NamedFinding } from '../conditions/condition.ts';
import { byCause, type Cause, onePerFault } from '../conditions/explained.ts';
import type { SrvAnswer } from '../discovery/types.ts';
import type {
  DomainSnapshot,
  EndpointSnapshot,
  EstateSnapshot,
  HostSnapshot,
  LookupSnapshot,
} from '../estate/snapshot.ts';
import { formatHostPort } from '../kernel/address.ts';
import { columns } from '../kernel/columns.ts';
import { counted, listed } from '../kernel/words.ts';
import type { Report } from './check-status.ts';
import type { Status } from './exit-codes.ts';

type Style = 'green' | 'yellow' | 'red' | 'dim' | 'bold';
type Paint = (style: Style, text: string) => string;

const STATUS_STYLES: Readonly<Record<Status, Style>> = {
  OK: 'green',
  WARNING: 'yellow',
  CRITICAL: 'red',
  UNKNOWN: 'yellow',
};

/** For a person: a line a host and a line a name server, what is wrong and what to do, and the finding last. */
export function formatTable({ estate, findings, status }: Report, color: boolean): string {
  const paint: Paint = color
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text;
  const blocks = [
    block('KMS HOSTS', hostRows(estate, paint), paint),
    block(
      'DNS',
      estate.domains.flatMap((domain) => domainRows(domain, paint)),
      paint,
    ),
    block(
      'PROBLEMS',
      byCause(findings).flatMap((cause) => causeLines(cause, paint)),
      paint,
    ),
    `${paint(STATUS_STYLES[status.status], status.status)}: ${status.summary}`,
  ];
  return `${blocks.filter((text) => text !== '').join('\n\n')}\n`;
}

function block(title: string, lines: readonly string[], paint: Paint): string {
  return lines.length === 0 ? '' : [paint('bold', title), ...lines].join('\n');
}

function hostRows({ endpoints, hosts, domains }: EstateSnapshot, paint: Paint): readonly string[] {
  const byName = new Map(hosts.map((host) => [host.host, host]));
  const unexpected = new Set(domains.flatMap((domain) => domain.unexpected.map(({ host }) => host)));
  return columns(
    endpoints.map((endpoint) => hostRow(endpoint, origin(byName.get(endpoint.host), unexpected, paint), paint)),
  );
}

function hostRow(endpoint: EndpointSnapshot, origin: string, paint: Paint): readonly string[] {
  const { host, port, probe, up, genuine, isProbed } = endpoint;
  const [mark, style] = isProbed ? markOf(up, genuine !== false) : (['-', 'dim'] as const);
  const { connect, bind } = probe?.phases ?? {};
  return [
    `${paint(style, mark)} ${formatHostPort(host, port, 1688)}`,
    paint(style, probe?.outcome ?? 'not probed'),
    milliseconds(connect === undefined || bind === undefined ? undefined : connect + bind),
    origin,
    remark(endpoint),
  ];
}

/** Short, so that the lines stay in their columns: why a host is down follows below, with what to do. */
function remark({ up, genuine, probe }: EndpointSnapshot): string {
  if (up !== true) return '';
  if (genuine === false) return 'accepts any interface: not genuine';
  const addresses = probe?.addresses ?? [];
  const failing = addresses.filter(({ outcome }) => outcome !== 'ok');
  if (failing.length === 0) return '';
  const which = failing.map(({ address, outcome }) => `${address} ${outcome}`).join(', ');
  return `${failing.length} of ${addresses.length} addresses ${failing.length === 1 ? 'fails' : 'fail'}: ${which}`;
}

function markOf(up: boolean | undefined, genuine: boolean): readonly [mark: string, style: Style] {
  if (up === undefined) return ['?', 'yellow'];
  if (!up) return ['\u2717', 'red'];
  return genuine ? ['\u2713', 'green'] : ['!', 'yellow'];
}

/** Decimal points are aligned up to 10 s. */
function milliseconds(seconds: number | undefined): string {
  return seconds === undefined ? '-'.padStart(6) : `${(seconds * 1000).toFixed(1).padStart(6)} ms`;
}

function origin(host: HostSnapshot | undefined, unexpected: ReadonlySet<string>, paint: Paint): string {
  const published = host?.published === undefined ? [] : [paint('dim', host.published ? 'in DNS' : 'not in DNS')];
  if (host?.expected === true) return [...published, paint('dim', 'expected')].join(', ');
  if (unexpected.has(host?.host ?? '')) return [...published, paint('yellow', 'not expected')].join(', ');
  return published.join('');
}

function domainRows(domain: DomainSnapshot, paint: Paint): readonly string[] {
  return columns(domain.lookups.map((lookup) => lookupRow(domain.name, lookup, paint))).concat(
    [...new Set(domain.lookups.flatMap((lookup) => (lookup.answer?.flaws ?? []).map((flaw) => flaw.text)))].map(
      (text) => `${paint('yellow', '!')} ${domain.name}: ${text}`,
    ),
  );
}

function lookupRow(domain: string, { server, last, answer }: LookupSnapshot, paint: Paint): readonly string[] {
  const failed = last?.failure !== undefined || answer === undefined;
  const empty = !failed && answer.records.length === 0;
  const style = failed ? 'red' : empty ? 'yellow' : 'green';
  return [
    `${paint(style, failed ? '\u2717' : empty ? '!' : '\u2713')} _vlmcs._tcp.${domain}`,
    `at ${server}`,
    milliseconds(last?.duration),
    failed ? `${last?.failure?.reason ?? ''}: ${last?.failure?.detail ?? ''}` : said(answer),
  ];
}

function said({ status, records }: SrvAnswer): string {
  if (status === 'nxdomain') return 'no such name';
  if (records.length === 0) return 'no SRV record';
  const ttl = Math.min(...records.map((record) => record.ttl));
  return `${counted(records.length, 'SRV record')}, TTL ${ttl} s`;
}

/** What follows from it is below it in one line each: its remedy is that of the cause. */
function causeLines({ head, same, follows }: Cause<NamedFinding>, paint: Paint): readonly string[] {
  const domains = same.flatMap(({ subject }) => subject['domain'] ?? []);
  return [
    ...findingLines(head, paint),
    ...(domains.length === 0 ? [] : [`    the same in ${listed(domains.toSorted())}`]),
    ...onePerFault(follows).map(({ name, summary }) => paint('dim', `    follows from it: ${summary} (${name})`)),
  ];
}

function findingLines({ severity, name, summary, remedy }: NamedFinding, paint: Paint): readonly string[] {
  const style = severity === 'critical' ? 'red' : 'yellow';
  return [
    `${paint(style, severity === 'critical' ? '\u2717' : '!')} ${summary} ${paint('dim', `(${name})`)}`,
    `    \u2192 ${remedy}`,
  ];
}
