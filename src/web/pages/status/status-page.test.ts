import { describe, expect, it } from 'vitest';
import { answer, estate, failure, probe } from '../../../../test/support/estate.ts';
import { hostName } from '../../../../test/support/host-name.ts';
import { readingSince, records } from '../../../../test/support/records.ts';
import { report, WINDOWS_KEY } from '../../../../test/support/reports.ts';
import { openIn } from '../../../../test/support/snapshot.ts';
import { SETTINGS } from '../../../../test/support/stories.ts';
import type { OpenCondition } from '../../../conditions/condition.ts';
import { hostNameOfRecord } from '../../../kernel/host-name.ts';
import { err } from '../../../kernel/result.ts';
import { HOUR_S, millis, seconds } from '../../../kernel/time.ts';
import type { KeyReport } from '../../../reports/types.ts';
import { statusMain } from './status-page.ts';
import type { StatusSnapshot } from './status-snapshot.ts';

const HOSTILE = `<script>alert('1')</script>"&\u202eabc\u0007`;
const ESCAPED = '&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;‹U+202E›abc‹U+0007›';

function condition(changes: Partial<OpenCondition> = {}): OpenCondition {
  return {
    name: 'KmsHostDown',
    severity: 'warning',
    subject: { host: 'kms01' },
    since: millis(0),
    firing: true,
    summary: 'kms01 is down',
    remedy: 'Start it.',
    value: undefined,
    limit: undefined,
    overSince: undefined,
    explainedBy: undefined,
    runbook: 'runbooks/KmsHostDown',
    ...changes,
  };
}

function snapshot(changes: Partial<StatusSnapshot> = {}): StatusSnapshot {
  const watched = estate({
    domains: [{ name: hostName('corp.example'), expectedHosts: [hostName('kms01.corp.example')] }],
  });
  watched.recordLookup(answer(0, ['kms01.corp.example', 'rogue.corp.example:1689']));
  watched.recordProbe(probe(0, 'kms01.corp.example'));
  watched.recordProbe(probe(0, 'rogue.corp.example', 'refused', 1689));
  const snapshot = watched.snapshot(millis(0));
  return {
    estate: snapshot,
    logs: records(0),
    conditions: openIn(snapshot),
    leaseSettings: SETTINGS,
    overview: { asOf: seconds(0), ends: [2, 0, 0, 0, 0, 0, 0, 3, ...new Array<number>(172).fill(0)], products: [] },
    isReady: true,
    now: seconds(0),
    ...changes,
  };
}

function text(changes: Partial<StatusSnapshot> = {}): string {
  return statusMain(snapshot(changes)).text;
}

describe('the verdict', () => {
  it.each([
    [[], 'All is well'],
    [[condition({ firing: false })], '1 warning pending'],
    [[condition(), condition({ subject: { host: 'kms02' } })], 'Nothing critical, 2 warnings'],
    [[condition(), condition({ severity: 'critical' })], '1 critical problem, 1 warning'],
    [[condition({ severity: 'critical', firing: false })], '1 critical problem pending'],
  ])('of what is open is one sentence', (conditions, sentence) => {
    expect(text({ conditions })).toContain(`<h1>${sentence}</h1>`);
  });

  it('is not green while a host is down, also before that has held for long enough', () => {
    expect(text({ conditions: [condition({ firing: false })] })).toContain('<div class="hero warn">');
    expect(text({ conditions: [] })).toContain('<div class="hero ok">');
  });

  it('says that the first look is not over', () => {
    expect(text({ conditions: [], isReady: false })).toContain('<h1>The first check is still running</h1>');
  });
});

it('leads from advice to the list, and keeps by its name what is unfolded', () => {
  const [above, below] = [
    condition({
      ...{ name: 'KmsLeasesExpiringSoon', severity: 'critical', subject: { class: 'client' } },
      remedy: 'kmswatch leases --within 7d lists them.',
    }),
    condition({ name: 'KmsLeasesExpiring', subject: { class: 'client' } }),
  ];
  const page = text({ conditions: [above, below] });
  expect(page).toContain('<p><a href="/leases?within=7d">kmswatch leases --within 7d</a> lists them.</p>');
  expect(page).toContain('<details id="after-KmsLeasesExpiringSoon-critical-client"><summary>1 problem follows');
});

it('says whose log is still being read, and until when, and claims nothing', () => {
  const day = 86_400;
  const now = seconds(day);
  const page = text({ conditions: [], logs: readingSince(records(day), day - 10), now });
  expect(page).toContain('<h1>Still reading the logs</h1>');
  expect(page).toMatch(/Still reading the log of kms01\.corp\.example, so far until <time[^>]+>1970-01-01 23:59 UTC/);
  expect(page).toMatch(/still reading<\/span><span class="sub">so far until <time/);
  const read = text({ conditions: [], logs: readingSince(records(day), day - 1_000), now });
  expect(read).toContain('<h1>All is well</h1>');
  expect(read.toLowerCase()).not.toContain('still reading');
});

it('says of a log that was only imported just that', () => {
  const logs = records(0);
  const hosts = (logs.aggregates?.hosts ?? []).map((host) => ({ ...host, lastPush: undefined }));
  const page = text({ logs: { ...logs, aggregates: logs.aggregates && { ...logs.aggregates, hosts } } });
  expect(page).toContain('imported</span>');
  expect(page).not.toContain('<span class="badge warn">not read');
});

it('says of a report that has no host key what it lacks', () => {
  const host = 'kms01.corp.example';
  const page = (keys: readonly KeyReport[]) => {
    const watched = estate({
      hosts: [{ name: hostName(host), aliases: [], port: 1688, report: 'winrm', isSubscribed: false }],
    });
    watched.recordReport({ host: hostName(host), report: report(0, keys), at: millis(0), asOf: millis(0) });
    return text({ estate: watched.snapshot(millis(0)) });
  };
  expect(page([WINDOWS_KEY])).not.toContain('no host key');
  expect(page([])).toContain('no host key');
});

it('marks what is over and told a while longer', () => {
  expect(text({ conditions: [condition()] })).not.toContain('>over<');
  const over = condition({ overSince: millis(60_000) });
  expect(text({ conditions: [over] })).toMatch(/>over<\/span> <span class="since">since .*1970-01-01 00:01/);
});

it('puts what is critical first, and marks what is pending', () => {
  const page = text({
    conditions: [
      condition({ summary: 'third', subject: { host: 'kms02' } }),
      condition({ severity: 'critical', firing: false, summary: 'second', subject: { host: 'kms02' } }),
      condition({ severity: 'critical', summary: 'first' }),
    ],
  });
  expect(page.indexOf('first')).toBeLessThan(page.indexOf('second'));
  expect(page.indexOf('second')).toBeLessThan(page.indexOf('third'));
  expect(page.match(/>pending</g)).toHaveLength(1);
  expect(page).toContain('<a href="/runbooks/KmsHostDown">KmsHostDown</a>');
});

it('shows the hosts that do not answer before those that do', () => {
  const page = text();
  const rows = page.replaceAll('<wbr>', '').matchAll(/<th scope="row"><bdi>([^<]+)/g);
  expect([...rows].map(([, host]) => host).slice(0, 2)).toEqual(['rogue.corp.example', 'kms01.corp.example']);
  expect(page).toContain('<span class="badge bad">refused</span>');
});

it('shows thresholds with the true count, what is needed, and when they are missed', () => {
  const page = text();
  expect(page).toContain('<span class="badge ok">+36</span>');
  expect(page).toContain('aria-label="61 of 25 needed"');
  expect(page).toContain('in 20 days');
});

it('shows the number of a rebuilt host as its count, and not what its log has', () => {
  const { aggregates, ...others } = records(0);
  const hosts = aggregates?.hosts.map((host) => ({
    ...host,
    pools: host.pools.map((pool) => ({ ...pool, census: 430 })),
  }));
  const page = text({ logs: { ...others, aggregates: aggregates && { ...aggregates, hosts: hosts ?? [] } } });
  const [, thresholds = ''] = page.split('id="thresholds"');
  expect(thresholds).toContain('aria-label="61 of 25 needed"');
  expect(thresholds.split('</section>')[0]).not.toContain('>430<');
});

it('counts the ends of leases by severity, in words, a chart and a table', () => {
  const page = text();
  expect(page).toContain('2 end within 7 days, 5 within 30 days, 5 within 180 days.');
  expect(page.match(/<rect class="f-bad" x/g)).toHaveLength(1);
  expect(page.match(/<rect class="f-warn" x/g)).toHaveLength(1);
  expect(page).toContain('<title>1970-01-08: 3</title>');
});

it('names a limit in hours that is no whole number of days', () => {
  const page = text({ leaseSettings: { ...SETTINGS, critical: seconds(36 * HOUR_S) } });
  expect(page).toContain('end within 36 hours, 5 within 30 days');
});

it('says why the ends of leases are not known', () => {
  expect(text({ overview: HOSTILE })).toContain(`Not known: ${ESCAPED}`);
});

it('escapes whatever comes from outside', () => {
  const watched = estate();
  watched.recordLookup({ ...failure(0, 'other'), result: err({ reason: 'other', detail: HOSTILE }) });
  watched.recordProbe({ ...probe(0, 'kms01.corp.example', 'refused'), detail: HOSTILE });
  const page = text({
    estate: watched.snapshot(millis(0)),
    conditions: [condition({ summary: HOSTILE, remedy: HOSTILE })],
    logs: {
      ...records(0),
      aggregates: {
        ...records(0).aggregates,
        hosts: (records(0).aggregates?.hosts ?? []).map((host) => ({ ...host, host: hostNameOfRecord(HOSTILE) })),
      } as StatusSnapshot['logs']['aggregates'],
    },
  });
  expect(page.split(ESCAPED).length - 1).toBeGreaterThanOrEqual(4);
  expect(page).not.toMatch(/<script|\u202e/);
  expect(page).not.toContain('\u0007');
});
