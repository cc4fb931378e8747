import { readFileSync } from 'node:fs';
import { FAILURES } from '../../src/demo/fleet/failures.ts';

const PATH = new URL('../data/bars.json', import.meta.url);

interface Bars {
  readonly machines: number;
  readonly days: number;
  readonly day: number;
  readonly healthy: readonly {
    readonly name: string;
    readonly severity: string;
    readonly subject: Readonly<Record<string, string>>;
    readonly first: number;
    readonly days: number;
    readonly spells: number;
  }[];
  readonly failures: readonly {
    readonly name: string;
    readonly reported: readonly { readonly name: string; readonly severity: string; readonly after: number }[];
  }[];
}

/** Why a warning fires in a healthy organisation, as a person judged it. */
const REASONS: Readonly<Record<string, string>> = {
  KmsHostBelowThreshold:
    'only the few clients that did not reach the first host ask a standby, so it could not activate any',
  KmsHostIdle: 'a standby is silent again after a few clients asked it',
  KmsThresholdBreachAhead: 'the standby has just enough clients, but not for long',
  KmsRenewalsStalled: 'the quiet period ended on a Saturday, but the offices opened on Monday',
};

/** What `BARS=1 npx vitest run test/bars --update` has measured, for docs/alerts.md. */
export function barsPage(): string {
  const bars: Bars = JSON.parse(readFileSync(PATH, 'utf8'));
  return [...healthy(bars), '', ...failures(bars), ''].join('\n');
}

function healthy({ machines, days, healthy: spells }: Bars): readonly string[] {
  const critical = spells.filter(({ severity }) => severity === 'critical');
  return [
    '## What fires when nothing is wrong',
    '',
    `Measured on a simulated organisation of ${machines} machines over ${days} days, checked every hour. A quarter of its`,
    'machines are replaced each year and never retired (`kmswatch retire`). It has reinstalled machines, upgrades of',
    'Windows and Office, weekends, three weeks of holiday in `leases.quiet_periods`, non-persistent desktops, a standby',
    `host, and a host for servers only. ${critical.length === 0 ? 'No critical alert fires.' : 'Critical alerts fire, see below.'} These warnings do:`,
    '',
    '| alert | about | first on day | days in all | times | why |',
    '| --- | --- | --- | --- | --- | --- |',
    ...spells.map(
      ({ name, severity, subject, first, days: total, spells: times }) =>
        `| ${severity === 'critical' ? `**${name}**` : name} | ${Object.values(subject).join(', ')} | ${Math.floor(first)} | ${Math.round(total)} | ${times} | ${reasonOf(name)} |`,
    ),
  ];
}

/** @throws if no reason has been written down */
function reasonOf(name: string): string {
  const reason = REASONS[name];
  if (reason === undefined) throw new Error(`why does ${name} fire when nothing is wrong?`);
  return reason;
}

function failures({ day, failures: found }: Bars): readonly string[] {
  return [
    '## When something goes wrong',
    '',
    `On day ${day}, one of these failures hits the same organisation. *First reported* is the time from the cause to the`,
    'first alert that does not fire in the healthy organisation, including its hold. *Then* lists the other alerts that',
    'fire within 3 days after that. *Users notice* is the day on which users would complain without a monitor.',
    '',
    '| failure | first reported | by | then | users notice |',
    '| --- | --- | --- | --- | --- |',
    ...found.map(({ name, reported }) => {
      const failure = FAILURES.find((each) => each.name === name);
      const [first, ...others] = reported;
      const noticed =
        failure === undefined || !Number.isFinite(failure.noticedAfter)
          ? 'never'
          : `after ${failure.noticedAfter} days`;
      return `| ${failure?.story ?? name} | ${first === undefined ? 'not' : after(first.after)} | ${first?.name ?? ''} | ${namesOf(others, first?.name)} | ${noticed}: ${failure?.noticedBecause ?? ''} |`;
    }),
  ];
}

function after(days: number): string {
  const hours = Math.round(days * 24);
  if (hours < 48) return hours <= 1 ? 'within an hour' : `after ${hours} hours`;
  return `after ${Math.round(days)} days`;
}

function namesOf(reported: Bars['failures'][number]['reported'], but: string | undefined): string {
  return [...new Set(reported.map(({ name }) => name))].filter((name) => name !== but).join(', ');
}
