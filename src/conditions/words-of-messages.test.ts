import { expect, it } from 'vitest';
import { answer, estate, probe } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { machineCounts, silentMachines } from '../../test/support/machines.ts';
import { records } from '../../test/support/records.ts';
import { snapshotWith } from '../../test/support/snapshot.ts';
import { DAY_S, millis, seconds } from '../kernel/time.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import { CATALOGUE, findingsIn } from './catalogue.ts';
import { ONLY_HOST } from './outcome-remedies.ts';

const NOW = 1_790_000_000;
const [FIRST, SECOND] = ['kms01.corp.example', 'kms02.corp.example'];

/** What the message of a condition says, of a domain with two hosts. */
function messageOf(name: string, changes: Partial<HostAggregates> = {}, marginOfSecond = -3): string {
  const watched = estate({ domains: [{ name: hostName('corp.example'), expectedHosts: undefined }] });
  watched.recordLookup(answer(NOW * 1000, [FIRST, SECOND]));
  for (const host of [FIRST, SECOND]) watched.recordProbe(probe(NOW * 1000, host));
  const logs = records(NOW);
  const [known] = logs.aggregates?.hosts ?? [];
  if (known === undefined || logs.aggregates === undefined) throw new Error('no host is known');
  const hosts = [
    { ...known, host: hostName(FIRST), margins: [margin(-11)], open: [], ...changes },
    { ...known, host: hostName(SECOND), margins: [margin(marginOfSecond)], open: [] },
  ];
  const snapshot = snapshotWith(watched.snapshot(millis(NOW * 1000)), {
    logs: { ...logs, aggregates: { ...logs.aggregates, hosts } },
  });
  const found = findingsIn(snapshot).find((finding) => finding.name === name);
  return `${found?.summary}. ${found?.remedy}`;
}

function margin(value: number) {
  return { cls: 'client', margin: value, breach: seconds(NOW) } as const;
}

it('of a domain below its threshold names the host that lacks least, and how many', () => {
  const message = messageOf('KmsClientsBelowThreshold');
  expect(message).toContain('the best, kms02.corp.example, has 22 of 25 clients');
  expect(message).toContain('Have 3 more machines ask kms02.corp.example within 30 days.');
});

it('of a domain close to its threshold names the host', () => {
  expect(messageOf('KmsClientsNearThreshold', {}, 2)).toContain(
    'only 2 clients above the threshold for Windows clients, at kms02.corp.example',
  );
});

it('of requests that fail names the result, and what to do about most of them', () => {
  const message = messageOf('KmsRequestsFailing');
  expect(message).toMatch(
    /25 % of the last hour's requests to kms01\.corp\.example for Windows failed: 7 with 0xC004F06C/,
  );
  expect(message).toContain('kmswatch leases --host kms01.corp.example lists its clients');
});

it('of wrong clocks names some of the machines, and the list of all', () => {
  const names = ['ws1', 'ws2'];
  expect(messageOf('KmsClientClockSkew', { skewed: 2, skewedNames: names })).toContain('4 hours off: ws1 and ws2.');
  const message = messageOf('KmsClientClockSkew', { skewed: 3, skewedNames: names });
  expect(message).toContain('4 hours off: ws1, ws2 and others.');
  expect(message).toContain('kmswatch leases --host kms01.corp.example --format csv lists them');
});

it('can do without the names of machines', () => {
  const logs = { ...records(NOW), machines: machineCounts({ notRenewing: [silentMachines(9)] }) };
  const naming = findingsIn(snapshotWith(estate().snapshot(millis(NOW * 1000)), { logs })).filter(({ summary }) =>
    /\bws-?\d/.test(summary),
  );
  expect(naming.map(({ name, summaryWithoutNames }) => [name, summaryWithoutNames])).toEqual([
    ['KmsMachinesNotRenewing', '9 machines (Windows clients) alive and never heard of by any host'],
    ['KmsDuplicateClientIds', '1 client id is used by 2 machines, probably clones'],
    ['KmsClientClockSkew', '1 client of kms01.corp.example has a clock that is more than 4 hours off'],
  ]);
});

it('never takes the only host of a domain out of DNS', () => {
  const texts = CATALOGUE.flatMap(({ name, remedy, runbook }) =>
    [remedy, ...runbook.diagnosis, ...runbook.mitigation].map((text) => `${name}: ${text}`),
  );
  const removing = texts.filter((text) =>
    /[Rr]emove (?:its|the) SRV record|remove its record and|take it out of DNS|(?<!Do not )delete the record/.test(
      text,
    ),
  );
  expect(removing.length).toBeGreaterThan(6);
  expect(removing.filter((text) => !text.includes(ONLY_HOST))).toEqual([]);
});

it('names no metric and no page of the documentation in a mail', () => {
  const remedies = CATALOGUE.filter(({ group }) => group !== 'agent').map(({ name, remedy }) => `${name} ${remedy}`);
  expect(remedies.filter((text) => /\bkms_|docs\//.test(text))).toEqual([]);
});

it('a host below its threshold is not told before its domain is judged, while the log of another is coming in', () => {
  const reading = { historyAt: seconds(NOW - 1), lastEvent: seconds(NOW - 10 * DAY_S), lastArrival: seconds(NOW - 1) };
  expect(messageOf('KmsHostBelowThreshold')).toContain('kms01.corp.example has only 14 of the 25 clients');
  expect(messageOf('KmsHostBelowThreshold', reading)).toBe('undefined. undefined');
  expect(messageOf('KmsClientsBelowThreshold', reading)).toBe('undefined. undefined');
});
