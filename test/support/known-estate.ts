import { hostName } from './host-name.ts';

const DAY_MS = 86_400_000;
const WINDOWS = '73111121-5638-40f6-bc11-f1d7b0d64300';
const SERVER = 'ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03';
const OFFICE = 'd450596f-894d-49e0-966a-fd39ed4c4c64';
/** Minutes of 180 days. */
const WHOLE = 259_200;

export const KMS01 = hostName('kms01.corp.example');
export const KMS02 = hostName('kms02.corp.example');

interface Asked {
  readonly machine: string;
  readonly host: string;
  readonly days: number;
  readonly product: string;
  readonly client: number;
}

/** Machines `ws-0001`, `ws-0002` and so on. */
function many(prefix: string, count: number, width = 2): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1).padStart(width, '0')}`);
}

const HEALTHY = many('ws', 1853, 4);
/** A branch that asks the second host, and the office beside it. */
const BRANCH = many('br7', 20);
const BESIDE = many('hq2', 10);
const SERVERS = many('srv', 40);
export const LAPSING = many('old', 12);
export const QUIET = many('quiet', 25);
export const CLONES = many('clone', 5);
export const NEVER_ASKED = many('new', 20);
export const GONE = many('left', 15);
export const WITH_OFFICE_2016 = HEALTHY.slice(0, 30);
export { BRANCH, SERVERS };

/** 2,000 machines, of which it is known what each does; by their full names. */
export const MACHINES = [...[HEALTHY, BRANCH, BESIDE, SERVERS, LAPSING, QUIET, CLONES, NEVER_ASKED, GONE].flat()];

export function full(machine: string): string {
  return `${machine}.corp.example`;
}

/** What they asked, in days before now. */
function requests(): Asked[] {
  const weekly = [36, 29, 22, 15, 8, 1.5];
  const client = new Map(MACHINES.map((machine, index) => [machine, index + 1]));
  const ask = (machines: readonly string[], days: readonly number[], host: string = KMS01, product = WINDOWS) =>
    machines.flatMap((machine) =>
      days.map((day) => ({ machine, host, days: day, product, client: client.get(machine) ?? 0 })),
    );
  return [
    ...ask(HEALTHY, weekly),
    ...ask([...BRANCH, ...BESIDE], weekly, KMS02),
    ...ask(SERVERS, weekly, KMS01, SERVER),
    ...ask(WITH_OFFICE_2016, weekly.slice(3), KMS01, OFFICE),
    ...ask(LAPSING, [160]),
    ...ask(QUIET, [54, 47, 40]),
    // One image: they use one client id in turn.
    ...CLONES.flatMap((machine, index) =>
      ask([machine], [9, 2]).map((one) => ({ ...one, client: 9999, days: one.days + index / 24 })),
    ),
  ];
}

/** The logs of both hosts in the agent's own form, and machines that a host answered in the month of a time. */
export function logsOf(now: number): {
  readonly lines: readonly string[];
  readonly activeIn: (month: string) => number;
} {
  const asked = requests()
    .map((one) => ({ ...one, time: new Date(now - one.days * DAY_MS).toISOString() }))
    .sort((a, b) => (a.time < b.time ? -1 : 1));
  const lines = asked.map(({ machine, host, product, client, time }, index) => {
    const id = `00000000-0000-4000-8000-${String(client).padStart(12, '0')}`;
    // Some machines call themselves by their bare names in capitals.
    const name = client % 10 === 0 ? machine.toUpperCase() : full(machine);
    const needed = product === WINDOWS ? '25' : '5';
    const data = ['0x0', needed, name, id, '2026/11/01 10:00', '0', '1', String(WHOLE - 7 * 1440), product];
    if (LAPSING.includes(machine)) data[7] = String(WHOLE);
    const log = { host, channel: 'Key Management Service', event_id: 12290, record_id: index + 1, time };
    return JSON.stringify({ ...log, data: [data.join(','), ...data] });
  });
  const read = [KMS01, KMS02].map((host) => {
    const event = { host, channel: 'Application', event_id: 12294, record_id: 1, time: new Date(now).toISOString() };
    return JSON.stringify({ ...event, data: ['corp.example'] });
  });
  const activeIn = (month: string) =>
    new Set(asked.filter(({ time }) => time.startsWith(month)).map(({ machine }) => machine)).size;
  return { lines: [...lines, ...read], activeIn };
}

/** A list of a directory that disagrees: it does not know the branch, and knows machines that never asked, or are gone. */
export function inventoryOf(now: number): string {
  const ago = (days: number) => new Date(now - days * DAY_MS).toISOString();
  const seen = (machine: string) => (LAPSING.includes(machine) ? ago(20) : ago(1));
  const rows = MACHINES.filter((machine) => !BRANCH.includes(machine)).map(
    (machine) =>
      `${machine.toUpperCase()};${full(machine)};Windows 11 Enterprise;${seen(machine)};${GONE.includes(machine) ? 'False' : 'True'}`,
  );
  return `\u{feff}sep=;\r\nName;DNSHostName;OperatingSystem;LastLogonDate;Enabled\r\n${rows.join('\r\n')}\r\n`;
}
