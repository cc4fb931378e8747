import { describe, expect, it } from 'vitest';
import { hostName } from '../../../../test/support/host-name.ts';
import type { HostName } from '../../../kernel/host-name.ts';
import { type Seconds, seconds } from '../../../kernel/time.ts';
import type { LeaseJson } from '../../../leases/lease-json.ts';
import { askedOf } from './filters.ts';
import { leasesMain } from './leases-page.ts';

const LEASE: LeaseJson = {
  client: 'ws-0417.corp.example',
  client_id: '8d3ed6a5-7be9-4d13-b7cf-0e5c1a3b2f10',
  activation_id: '73111121-5638-40f6-bc11-f1d7b0d64300',
  product: 'Windows 10 Enterprise',
  class: 'client',
  pool: 'windows',
  host: 'kms01.corp.example',
  virtual: false,
  first_request: '2026-01-01T00:00:00Z',
  last_request: '2026-11-23T00:00:00Z',
  last_result: 'ok',
  license_status: 'licensed',
  expiry: '2027-05-21T00:00:00Z',
  expiry_basis: 'presumed',
  confirmed_expiry: null,
  presumed_expiry: '2027-05-21T00:00:00Z',
  age_seconds: 0,
  remaining_seconds: 1,
  state: 'valid',
  retrying: false,
  duplicate: false,
  retired: false,
};
const CHOICES = { hosts: ['kms01.corp.example'], products: ['Windows 10 Enterprise'] };

function text(
  asked: Record<string, string>,
  leases: readonly LeaseJson[] = [LEASE],
  next: string | null = null,
  previous: string | null = null,
  reading: ReadonlyMap<HostName, Seconds> = new Map(),
): string {
  const found = { leases, next_cursor: next, previous_cursor: previous };
  return leasesMain({ asked, choices: CHOICES, found, reading, now: seconds(Date.UTC(2026, 10, 24) / 1000) }).text;
}

it('links each machine to its page', () => {
  expect(text({})).toContain('<a href="/clients/ws-0417.corp.example">');
});

it('says whose log is still being read, and until when', () => {
  const until = (day: number) => seconds(Date.UTC(2026, 5, day) / 1000);
  const hosts = [4, 3, 2, 1].map((day) => [hostName(`kms0${day}`), until(day)] as const);
  const page = text({}, [LEASE], null, null, new Map(hosts));
  expect(page).toMatch(
    /Still reading the log of kms01, so far until <time[^>]+>2026-06-01 00:00 UTC.*kms03.*; and 1 more/,
  );
  expect(text({})).not.toContain('reading');
});

it('fills in what was asked for', () => {
  const page = text({ client: 'ws', state: 'valid', host: 'gone.example' });
  expect(page).toContain('value="ws"');
  expect(page).toContain('<option value="valid" selected>');
  expect(page).toContain('<option value="gone.example" selected>');
});

it('leads to the pages around this one, the first one and the export with the same filters', () => {
  const page = text({ client: 'ws', cursor: 'c1' }, [LEASE], 'c2', 'c0');
  expect(page).toContain('href="/leases?client=ws&amp;cursor=c0" rel="prev"');
  expect(page).toContain('href="/leases?client=ws&amp;cursor=c2" rel="next"');
  expect(page).toContain('href="/leases?client=ws">First page');
  expect(page).toContain('href="/leases.csv?client=ws"');
});

it('tells whether these are all', () => {
  expect(text({})).toContain('id="count">1 lease.<');
  expect(text({}, [LEASE, LEASE], 'c2')).toContain('id="count">2 leases on this page; there are more.<');
  expect(text({ cursor: 'c1' }, [LEASE], null, 'c0')).toContain('id="count">1 lease on this page (last page).<');
});

it('says by what it is sorted', () => {
  expect(text({ sort: 'last_request' })).toMatch(/aria-sort="descending"><a href="[^"]*">Last request/);
  expect(text({})).toMatch(/aria-sort="ascending"><a href="\/leases\?order=reverse">Ends/);
});

it('turns the list round by the column that it is sorted by', () => {
  expect(text({ sort: 'client', order: 'reverse', cursor: 'c1' })).toMatch(
    /aria-sort="descending"><a href="\/leases\?sort=client">Machine/,
  );
  expect(text({ sort: 'client', order: 'reverse' })).toContain('<a href="/leases">Ends');
});

it('says what it can mean to find nothing', () => {
  expect(text({ client: 'ws-9' }, [])).toContain('<a href="/clients/ws-9">');
});

it('tells what is wrong with a question', () => {
  const page = leasesMain({
    asked: { state: '<b>' },
    choices: CHOICES,
    found: 'no <b>',
    reading: new Map(),
    now: seconds(0),
  }).text;
  expect(page).toContain('no &lt;b&gt;');
  expect(page).not.toContain('<b>');
});

describe.each([
  ['<script>alert(1)</script>', '&lt;script&gt;'],
  [`"'><img src=x>`, '&quot;&#39;&gt;&lt;img'],
  ['\u202egnp.exe', '‹U+202E›gnp.exe'],
  ['\ud800', '/clients/%EF%BF%BD'],
  ['w'.repeat(253), 'w'.repeat(253)],
])('a machine called %j', (client, shown) => {
  it('is shown and does nothing', () => {
    const page = text({ client, host: client }, [{ ...LEASE, client, product: client, host: client }], client);
    expect(page).toContain(shown);
    expect(page).not.toMatch(/<script|<img|\u202e/);
  });
});

it('takes empty fields of a form for none, and no parameter twice', () => {
  expect(askedOf({ client: '', state: 'valid' })).toEqual({ state: 'valid' });
  expect(askedOf({ client: ['a', 'b'] })).toBeUndefined();
});

it('says of a product that nobody knows that it is not known, unless it was refused', () => {
  const untold = { ...LEASE, state: 'unactivated', class: 'unknown', pool: null, expiry: null } as const;
  expect(text({}, [untold])).toContain('<span class="badge calm">not known</span>');
  expect(text({}, [{ ...untold, last_result: 'not_covered' }])).not.toContain('badge calm">not known');
  expect(text({}, [{ ...untold, pool: 'windows' }])).toContain('<span class="badge bad">not activated</span>');
});
