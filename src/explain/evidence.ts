import { MINUTE_S, seconds } from '../kernel/time.ts';
import { instant, span } from '../kernel/words.ts';
import { skewOf } from '../leases/skew.ts';
import type { HostStory, LeaseStory, RequestStory } from '../leases/story.ts';
import { explainResult, formatHresult } from '../products/activation-result.ts';
import type { EvidenceTable } from './explanation.ts';
import { statusWords } from './status-words.ts';

/** A machine that is made again every day has hundreds. */
const LEASES_SHOWN = 12;

export function leaseTable(leases: readonly LeaseStory[]): EvidenceTable {
  return {
    title: 'Leases',
    head: ['product', 'state', 'ends', 'by', 'first request', 'client id'],
    rows: leases
      .slice(0, LEASES_SHOWN)
      .map(({ product, state, expiry, lease }) => [
        product,
        state,
        expiry === undefined ? '-' : instant(expiry.time),
        expiry?.basis ?? '-',
        instant(lease.first),
        lease.clientId,
      ]),
  };
}

/** As many requests as say something new. */
const REQUESTS_SHOWN = 12;

interface Column {
  readonly name: string;
  readonly cell: (story: RequestStory, denied: ReadonlySet<string>) => string;
  /** Left out when every row has the same. */
  readonly onlyIfDiffering?: true;
}

const REQUEST_COLUMNS: readonly Column[] = [
  { name: 'time', cell: ({ request }) => instant(request.time) },
  { name: 'called itself', cell: ({ request }) => request.machine, onlyIfDiffering: true },
  { name: 'host', cell: ({ request }) => request.host },
  { name: 'product', cell: ({ product }) => product, onlyIfDiffering: true },
  { name: 'answer', cell: ({ request }) => formatHresult(request.hresult) },
  { name: 'client was', cell: ({ request }) => statusWords(request) },
  { name: 'host had counted', cell: countWords },
  { name: 'clock', cell: clockWords },
  { name: 'repeat', cell: ({ repeat }) => (repeat ? 'yes' : ''), onlyIfDiffering: true },
];

/** @param leases of the machine: what a host says of itself now is more than what its log shows of then */
export function requestTable(
  requests: readonly RequestStory[],
  leases: readonly LeaseStory[],
  most = REQUESTS_SHOWN,
): EvidenceTable {
  const shown = requests.slice(0, most);
  const denied = new Set(leases.filter(isDenied).map(({ lease: { last } }) => poolOf(last)));
  const cells = (column: Column) => shown.map((story) => column.cell(story, denied));
  const columns = REQUEST_COLUMNS.filter(
    (column) => column.onlyIfDiffering === undefined || new Set(cells(column)).size > 1,
  );
  return {
    title: 'Last requests, newest first',
    head: columns.map(({ name }) => name),
    rows: shown.map((story) => columns.map(({ cell }) => cell(story, denied))),
  };
}

/** Whether a host says that it counts too few, although its log has enough: it was rebuilt, or the log is another's. */
export function isDenied({ lease: { last }, lastCount, countNow }: LeaseStory): boolean {
  return lastCount?.isOwn !== true && countNow?.isOwn === true && countNow.value < last.nPolicy;
}

function poolOf({ host, pool }: RequestStory['request']): string {
  return `${host} ${pool}`;
}

/** A host does not count who it refuses. */
function countWords({ request, count }: RequestStory, denied: ReadonlySet<string>): string {
  if (count === undefined || request.hresult !== 0) return '-';
  if (!count.isOwn && count.value >= request.nPolicy && denied.has(poolOf(request)))
    return `not known (its log has ${count.value}, needed: ${request.nPolicy})`;
  // Beyond what a client needs, nobody counts exactly.
  const exact = count.isOwn || (count.known && count.value < request.nPolicy);
  return `${exact ? '' : 'at least '}${count.value} (needed: ${request.nPolicy})`;
}

/** Client times have no seconds, so a minute or two is no difference. */
function clockWords({ request }: RequestStory): string {
  const skew = skewOf(request);
  if (skew === undefined) return '-';
  if (Math.abs(skew) <= 2 * MINUTE_S) return 'right';
  return `${skew > 0 ? '+' : '-'}${span(seconds(Math.abs(skew)))}`;
}

/** Beside those that the machine has asked. */
const OTHER_HOSTS_SHOWN = 3;

/**
 * The hosts that a machine has asked, and a few of the others: those whose logs are not being read first, as a request to
 * them would not be seen.
 * @param asked newest first
 */
export function hostTable(hosts: readonly HostStory[], asked: readonly string[]): EvidenceTable {
  const own = [...new Set(asked)].flatMap((name) => hosts.find(({ host }) => host === name) ?? []);
  const others = hosts.filter((host) => !own.includes(host)).sort((a, b) => Number(a.read) - Number(b.read));
  const more = others.length - OTHER_HOSTS_SHOWN;
  return {
    title: 'KMS hosts',
    head: ['host', 'log', 'oldest record', 'newest record'],
    rows: [
      ...[...own, ...others.slice(0, OTHER_HOSTS_SHOWN)].map(hostRow),
      ...(more > 0 ? [[`and ${more} more`, '', '', '']] : []),
    ],
  };
}

function hostRow({ host, read, imported, firstRecord, lastRecord }: HostStory): readonly string[] {
  return [
    host,
    read ? 'is read' : imported ? 'was imported' : 'is not read',
    firstRecord === undefined ? '-' : instant(firstRecord),
    lastRecord === undefined ? '-' : instant(lastRecord),
  ];
}

/** What the client's own log says when it finds or reaches no host. */
const CLIENT_CODES: readonly number[] = [
  0x8007232b, 0x8007251d, 0xc004f074, 0x800706ba, 0xc004f038, 0xc004f06c, 0xc004f042,
];

export function clientCodeTable(): EvidenceTable {
  return {
    title: 'Codes in event 12288 or 8198 of the client',
    head: ['code', 'meaning'],
    rows: CLIENT_CODES.map((code) => [formatHresult(code), explainResult(code).meaning]),
  };
}
