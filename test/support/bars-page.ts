import { readFileSync } from 'node:fs';
import { FAILURES } from '../../src/demo/fleet/failures.ts';

const PATH = new URL('../data/bars.json', import.meta.url);

interface Spell {
  readonly name: string;
  readonly severity: string;
  readonly subject: Readonly<Record<string, string>>;
  readonly first: number;
  readonly days: number;
  readonly spells: number;
}

interface Reported {
  readonly name: string;
  readonly severity: string;
  readonly after: number;
}

/** What was reported without and with a list of machines. */
interface Found {
  readonly reported: readonly Reported[];
  readonly listed: readonly Reported[];
}

interface Bars {
  readonly machines: number;
  readonly days: number;
  readonly day: number;
  readonly overDays: number;
  readonly healthy: readonly Spell[];
  readonly failures: readonly (Found & { readonly name: string })[];
  readonly branch: readonly Reported[];
  readonly moves: readonly { readonly sources: string; readonly spells: readonly Spell[] }[];
}

/** Why a warning fires in a healthy organisation, as a person judged it. */
const REASONS: Readonly<Record<string, string>> = {
  KmsHostBelowThreshold:
    'only the few clients that did not reach the first host ask a standby, so it could not activate any',
  KmsHostIdle: 'a standby is silent again after a few clients asked it',
  KmsThresholdBreachAhead: 'the standby has just enough clients, but not for long',
  KmsRenewalsStalled: 'the quiet period ended on a Saturday, but the offices opened on Monday',
};

/** Why one fires while the fleet moves. */
const MOVE_REASONS: Readonly<Record<string, string>> = {
  KmsRenewalsStalled:
    'in the last days of the move, those that were replaced before they could move are a fifth of the few that are left',
  KmsThresholdBreachAhead:
    'the last that asked fell silent; two renewal intervals later it is known that nobody is left to need the count',
  KmsLeasesExpired:
    'nobody says how machines are activated, so those that fell silent may be gone or broken instead: once their leases have ended, it says so',
};

const SOURCES: Readonly<Record<string, string>> = {
  told: 'a list of all machines once a day, and licence rows of those that the directory activates',
  listed: 'a list of all machines once a day',
  none: 'none',
};

/** What `BARS=1 npx vitest run test/bars --update` has measured, for docs/alerts.md. */
export function barsPage(): string {
  const bars: Bars = JSON.parse(readFileSync(PATH, 'utf8'));
  return [...healthy(bars), '', ...failures(bars), '', ...moves(bars), ''].join('\n');
}

function healthy({ machines, days, healthy: spells }: Bars): readonly string[] {
  const critical = spells.filter(({ severity }) => severity === 'critical');
  return [
    '## What fires when nothing is wrong',
    '',
    `Measured on a simulated organisation of ${machines} machines over ${days} days, checked every hour. A quarter of its`,
    'machines are replaced each year and never retired (`kmswatch retire`). It has reinstalled machines, upgrades of',
    'Windows and Office, weekends, three weeks of holiday in `leases.quiet_periods`, non-persistent desktops, a standby',
    `host, and a host for servers only. ${critical.length === 0 ? 'No critical alert fires.' : 'Critical alerts fire, see below.'} With a list of its machines, which says once a day when`,
    'each was last on, no other alert fires: `KmsMachinesNotRenewing` is silent for all that time. These warnings do:',
    '',
    '| alert | about | first on day | days in all | times | why |',
    '| --- | --- | --- | --- | --- | --- |',
    ...spells.map((spell) => spellRow(spell, [], REASONS)),
  ];
}

/** @throws if no reason has been written down */
function spellRow(
  { name, severity, subject, first, days, spells }: Spell,
  before: readonly string[],
  reasons: Readonly<Record<string, string>>,
): string {
  const reason = reasons[name];
  if (reason === undefined) throw new Error(`why does ${name} fire when nothing is wrong?`);
  const alert = severity === 'critical' ? `**${name}**` : name;
  const about = Object.values(subject).join(', ');
  return `| ${[...before, alert, about, Math.floor(first), days < 1 ? 'less than 1' : Math.round(days), spells, reason].join(' | ')} |`;
}

function failures({ day, failures: found, branch, machines }: Bars): readonly string[] {
  return [
    '## When something goes wrong',
    '',
    `On day ${day}, one of these failures hits the same organisation. *First reported* is the time from the cause to the`,
    'first alert that does not fire in the healthy organisation, including its hold. *Then* lists the other alerts that',
    'fire within 3 days after that. *With a list* is the same time if a list of machines is there, where it is another.',
    '*Users notice* is the day on which users would complain without a monitor.',
    '',
    '| failure | first reported | by | then | with a list | users notice |',
    '| --- | --- | --- | --- | --- | --- |',
    ...found.map((one) => {
      const failure = FAILURES.find((each) => each.name === one.name);
      const noticed =
        failure === undefined || !Number.isFinite(failure.noticedAfter)
          ? 'never'
          : `after ${failure.noticedAfter} days`;
      return failureRow(failure?.story ?? one.name, one, `${noticed}: ${failure?.noticedBecause ?? ''}`);
    }),
    failureRow(
      `a branch with a tenth of the machines (${machines / 10} notebooks) is cut off from port 1688`,
      { reported: [], listed: branch },
      'after 150 days: Windows warns its users 30 days before activation ends',
    ),
  ];
}

function failureRow(story: string, { reported: [first, ...others], listed: [listed] }: Found, noticed: string): string {
  const sooner = listed !== undefined && (first === undefined || after(listed.after) !== after(first.after));
  const withList = sooner ? `${after(listed.after)}: ${listed.name}` : '';
  const cells = [
    story,
    first === undefined ? 'not before its leases are about to end' : after(first.after),
    first?.name ?? '',
  ];
  return `| ${[...cells, namesOf(others, first?.name), withList, noticed].join(' | ')} |`;
}

function after(days: number): string {
  const hours = Math.round(days * 24);
  if (hours < 48) return hours <= 1 ? 'within an hour' : `after ${hours} hours`;
  return `after ${Math.round(days)} days`;
}

function namesOf(reported: readonly Reported[], but: string | undefined): string {
  return [...new Set(reported.map(({ name }) => name))].filter((name) => name !== but).join(', ');
}

function moves({ day, overDays, days, moves: all }: Bars): readonly string[] {
  return [
    '## While a fleet moves to the directory',
    '',
    `From day ${day} on, Active Directory activates the machines of the same organisation, one after the other within`,
    `${overDays} days, and they never ask a host again. \`leases.migrating\` says so ([directory.md](directory.md)). These are all`,
    `alerts up to day ${days} that do not fire in the healthy organisation; none is critical.`,
    '',
    '| sources | alert | about | first on day | days in all | times | why |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...all.flatMap(({ sources, spells }) =>
      spells.map((spell) => spellRow(spell, [SOURCES[sources] ?? sources], MOVE_REASONS)),
    ),
  ];
}
