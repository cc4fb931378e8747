import { expect, test } from 'vitest';
import { FLEET_START, fleetOf } from '../../../test/support/fleet.ts';
import { DAY_S } from '../../kernel/time.ts';
import { FAILURES } from './failures.ts';
import type { Fleet } from './fleet.ts';
import { healthyPlan } from './healthy-plan.ts';

const PLAN = healthyPlan(100);
const CAUSE = 40;

/** Everything that can be seen of a fleet in some days. */
function seen(fleet: Fleet, fromDay: number, toDay: number) {
  const [from, to] = [FLEET_START + fromDay * DAY_S, FLEET_START + toDay * DAY_S];
  const hosts = fleet.plan.sites.flatMap((site) => site.hosts.map(({ name }) => name));
  return {
    records: [...fleet.records(from, to)],
    published: [fleet.published(to - 1), fleet.publishedBySecond(to - 1)],
    up: hosts.map((host) => fleet.isUp(host, to - 1)),
    reports: hosts.map((host) => fleet.reportOf(host, to - 1)),
  };
}

const healthy = fleetOf(PLAN);
const BEFORE = seen(healthy, 0, CAUSE);
const AFTER = seen(healthy, CAUSE, CAUSE + 40);

test.each(FAILURES)('$name: nothing before its day, and a difference after it', ({ apply }) => {
  const fleet = fleetOf(apply(PLAN, CAUSE));
  expect(seen(fleet, 0, CAUSE)).toEqual(BEFORE);
  expect(seen(fleet, CAUSE, CAUSE + 40)).not.toEqual(AFTER);
});

test.each([
  ['publishing refused', 12293],
  ['service fails', 12291],
])('%s writes %i', (name, id) => {
  const failure = FAILURES.find((one) => one.name === name);
  const { records } = seen(fleetOf(failure?.apply(PLAN, CAUSE) ?? PLAN), CAUSE, CAUSE + 10);
  expect(records.some(({ event_id }) => event_id === id)).toBe(true);
});

test('hosts that are not activated say so, and refuse', () => {
  const failure = FAILURES.find(({ name }) => name === 'host not activated');
  const { records, reports } = seen(fleetOf(failure?.apply(PLAN, CAUSE) ?? PLAN), CAUSE, CAUSE + 10);
  expect(reports[0]?.products[0]).toMatchObject({ LicenseStatus: 5 });
  expect(new Set(records.filter(({ host }) => host === 'kms01.corp.example').map(({ data }) => data[1]))).toContain(
    '0xC004F041',
  );
});

test('a record that cannot be refreshed is scavenged two weeks later', () => {
  const failure = FAILURES.find(({ name }) => name === 'publishing refused');
  const fleet = fleetOf(failure?.apply(PLAN, CAUSE) ?? PLAN);
  const hostsOn = (day: number) => fleet.published(FLEET_START + day * DAY_S).length;
  expect([hostsOn(CAUSE + 13), hostsOn(CAUSE + 15)]).toEqual([3, 1]);
});
