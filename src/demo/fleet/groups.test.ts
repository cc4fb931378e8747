import { describe, expect, it, test } from 'vitest';
import { among, FLEET_START, fleetOf, only, pictureOf, readBack, recordsUntil } from '../../../test/support/fleet.ts';
import { DAY_S, HOUR_S } from '../../kernel/time.ts';
import { holidaysBetween, TURN_OF_THE_YEAR } from './calendar.ts';
import { BRANCH_SITE, demoPlan } from './demo-plan.ts';
import { healthyPlan, OFFICE_SITE, SERVER_SITE } from './healthy-plan.ts';
import type { FleetPlan } from './plan.ts';
import { PRODUCTS } from './products.ts';

const HEALTHY = healthyPlan(100);
/** Nothing wrong before this day. */
const TODAY = 200;
const DEMO = demoPlan({ size: 100, today: TODAY, holiday: TURN_OF_THE_YEAR });

function leasesOf(plan: FleetPlan, day: number, prefix: string) {
  return pictureOf(plan, day).leases.filter(({ client }) => client.startsWith(prefix));
}

function statesOf(leases: readonly { readonly state: string }[]): Record<string, number> {
  const states = Map.groupBy(leases, ({ state }) => state);
  return Object.fromEntries([...states].map(([state, of]) => [state, of.length]));
}

/** Lease states of one of the demo's groups, among enough others. */
function demoStates(name: string, day: number): Record<string, number> {
  const group = DEMO.groups.find((one) => one.name === name);
  if (group === undefined) throw new Error(`no group ${name}`);
  return statesOf(leasesOf(only(DEMO, 'laboratory', 'desktops', name), day, group.prefix));
}

function requestsOf(plan: FleetPlan, until: number) {
  return readBack(recordsUntil(fleetOf(plan), until)).flatMap(({ host, time, body }) =>
    body.kind === 'request' ? [{ host, time, ...body }] : [],
  );
}

describe('a healthy fleet', () => {
  test.each(['desktops', 'notebooks', 'laboratory', 'servers', 'data centre'])('%s stay valid', (name) => {
    const plan = only(HEALTHY, 'laboratory', 'desktops', name);
    const prefix = plan.groups.find((group) => group.name === name)?.prefix ?? '';
    const { valid = 0, superseded = 0, ...others } = statesOf(leasesOf(plan, 170, prefix));
    expect(valid).toBeGreaterThan(10);
    expect(superseded).toBeGreaterThanOrEqual(0);
    // Machines that were replaced, and users who are away.
    expect(Object.keys(others).filter((state) => state !== 'renewal_overdue' && state !== 'expiring')).toEqual([]);
    expect((others['renewal_overdue'] ?? 0) + (others['expiring'] ?? 0)).toBeLessThan(0.3 * valid);
  });

  it('has a quarter of its machines replaced in a year', () => {
    const machines = new Set(
      requestsOf(only(healthyPlan(1000), 'laboratory'), 365).map(({ machine }) => machine.split('.')[0]),
    );
    const seats = 60;
    expect(machines.size).toBeGreaterThan(seats * 1.1);
    expect(machines.size).toBeLessThan(seats * 1.5);
  });

  it('has machines set up again: the same name, a new id, and the old lease is superseded', () => {
    const plan = among({ yearlyReimages: 4, products: ['windowsEnterprise'] });
    const byMachine = Map.groupBy(leasesOf(plan, 160, 'it-'), ({ client }) => client.split('.')[0]);
    expect(byMachine.size).toBe(8);
    const ids = [...byMachine.values()].map((leases) => leases.filter(({ state }) => state !== 'superseded').length);
    expect(ids).toEqual(Array(8).fill(1));
    expect([...byMachine.values()].flat().length).toBeGreaterThan(10);
  });

  it('has products upgraded: the same machine and client id, a new activation id', () => {
    const { from, to } = { from: 'server2019', to: 'server2022' } as const;
    const plan = among({ rhythm: 'always', products: [from], upgrades: [{ from, to, fromDay: 20, overDays: 10 }] });
    const leases = leasesOf(plan, 40, 'it-');
    const byId = Map.groupBy(leases, ({ client_id }) => client_id);
    expect(byId.size).toBe(8);
    for (const of of byId.values()) {
      const states = of.map(({ activation_id, state }) => [activation_id, state]);
      expect(new Set(states)).toEqual(
        new Set([
          [PRODUCTS[from].activationId, 'superseded'],
          [PRODUCTS[to].activationId, 'valid'],
        ]),
      );
    }
  });

  it('has non-persistent desktops: the same names, new ids every working day', () => {
    const requests = requestsOf(only(HEALTHY, 'laboratory', 'desktops', 'virtual desktops'), 28);
    const ofOne = requests.filter(({ machine }) => machine.split('.')[0] === 'vdi-0001');
    expect(ofOne.length).toBe(20);
    expect(new Set(ofOne.map(({ clientId }) => clientId)).size).toBe(20);
    expect(ofOne.every(({ virtual, status, hresult }) => virtual && status === 5 && hresult === 0)).toBe(true);
    const states = statesOf(leasesOf(only(HEALTHY, 'laboratory', 'desktops', 'virtual desktops'), 28, 'vdi-'));
    expect(states).toEqual({ valid: 10, superseded: 190 });
  });

  it('hardly ever asks the standby, which is published behind the other', () => {
    const requests = requestsOf(only(healthyPlan(500), 'desktops', 'notebooks'), 100);
    const atStandby = requests.filter(({ host }) => host.startsWith('kms05.')).length;
    expect(atStandby).toBeGreaterThan(0);
    expect(atStandby).toBeLessThan(requests.length / 500);
    const published = fleetOf(HEALTHY).published(FLEET_START);
    expect(published.filter(({ domain }) => domain === OFFICE_SITE)).toEqual([
      { domain: OFFICE_SITE, host: `kms01.${OFFICE_SITE}`, priority: 0 },
      { domain: OFFICE_SITE, host: `kms05.${OFFICE_SITE}`, priority: 10 },
    ]);
  });

  it('has virtual machines and all generations of Office, which is counted by itself', () => {
    const requests = requestsOf(HEALTHY, 290);
    expect(new Set(requests.filter(({ virtual }) => virtual).map(({ machine }) => machine.slice(0, 3)))).toEqual(
      new Set(['vdi', 'srv', 'dc-', 'VDI', 'SRV', 'DC-'].map((name) => name.toLowerCase())),
    );
    const ids = new Set(requests.map(({ activationId }) => activationId));
    for (const name of ['office2016', 'office2019', 'office2021'] as const) {
      expect(ids).toContain(PRODUCTS[name].activationId);
    }
    const { samples } = pictureOf(only(HEALTHY, 'laboratory', 'desktops'), 40);
    expect(samples[`kms_host_active_clients{host="kms01.${OFFICE_SITE}",pool="office"}`]).toBeGreaterThan(40);
  });

  it('registers in DNS every day', () => {
    const records = recordsUntil(fleetOf(HEALTHY), 30).filter(({ channel }) => channel === 'Application');
    expect(records.length).toBeGreaterThanOrEqual(3 * 29);
    expect(new Set(records.map(({ event_id }) => event_id))).toEqual(new Set([12294]));
  });
});

describe('reports', () => {
  const fleet = fleetOf(healthyPlan(500));
  const countAt = (host: string, day: number) => fleet.reportOf(host, FLEET_START + day * DAY_S)?.products;

  it.each([
    [`kms01.${OFFICE_SITE}`, 50, 25],
    // Servers alone, however many.
    [`kms01.${SERVER_SITE}`, 10, 5],
  ])('of %s count up to %i', (host, count, required) => {
    expect(countAt(host, 40)?.[0]).toMatchObject({
      KeyManagementServiceCurrentCount: count,
      RequiredClientCount: required,
    });
    expect(
      countAt(host, 40)
        ?.slice(1)
        .map((key) => key['KeyManagementServiceCurrentCount']),
    ).toEqual(
      countAt(host, 40)
        ?.slice(1)
        .map(() => 10),
    );
  });

  it('count every request, and are the same whenever they are asked for', () => {
    const later = countAt(`kms01.${OFFICE_SITE}`, 40);
    const requests = readBack(recordsUntil(fleetOf(healthyPlan(500)), 40)).filter(
      ({ host, body }) => body.kind === 'request' && host === `kms01.${OFFICE_SITE}`,
    );
    const totals = later?.map((key) => Number(key['KeyManagementServiceTotalRequests'])) ?? [];
    expect(totals.reduce((sum, total) => sum + total, 0)).toBe(requests.length);
    expect(Number(countAt(`kms01.${OFFICE_SITE}`, 10)?.[0]?.['KeyManagementServiceTotalRequests'])).toBeLessThan(
      totals[0] ?? 0,
    );
    expect(countAt(`kms01.${OFFICE_SITE}`, 40)).toEqual(later);
  });

  it('say "no value" before anybody has asked, and are not there for nobody', () => {
    const branch = fleetOf(demoPlan({ size: 100, today: 50, holiday: TURN_OF_THE_YEAR }));
    const office = branch.reportOf(`kms01.${BRANCH_SITE}`, FLEET_START + DAY_S)?.products[1];
    expect(office).toMatchObject({ KeyManagementServiceCurrentCount: 4_294_967_295 });
    expect(branch.reportOf('kms07.corp.example', FLEET_START + DAY_S)).toBeUndefined();
    expect(branch.reportOf(`kms01.${BRANCH_SITE}`, FLEET_START - 1)).toBeUndefined();
  });
});

describe('the demo has', () => {
  it('a group that stopped renewing: overdue, then about to end, then over', () => {
    const stopped = TODAY - 158;
    expect(demoStates('plant', stopped)['valid']).toBeGreaterThan(40);
    expect(demoStates('plant', stopped + 60)['renewal_overdue']).toBeGreaterThan(40);
    expect(demoStates('plant', TODAY)['expiring']).toBeGreaterThan(40);
    expect(demoStates('plant', stopped + 185)['expired']).toBe(48);
    expect(demoStates('warehouse', TODAY)).toEqual({ renewal_overdue: 32 });
  });

  it('renewals that do not take', () => {
    const leases = leasesOf(only(DEMO, 'laboratory', 'desktops', 'far office'), TODAY, 'far-');
    expect(leases.filter(({ state }) => state === 'renewal_failing').length).toBeGreaterThanOrEqual(7);
    expect(leases.every(({ last_result }) => last_result === 'ok')).toBe(true);
  });

  it('machines below the threshold that ask every two hours', () => {
    const plan = only(DEMO, 'branch');
    const noon = TODAY + 0.5;
    const leases = leasesOf(plan, noon, 'br-');
    expect(statesOf(leases)).toEqual({ unactivated: 14 });
    expect(leases.filter(({ retrying }) => retrying).length).toBeGreaterThan(10);
    const times = requestsOf(plan, noon).flatMap(({ machine, time }) => (/^br-0001/.test(machine) ? [time] : []));
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2 * HOUR_S);
    expect(gaps.filter((gap) => gap < 2.1 * HOUR_S).length).toBeGreaterThan(gaps.length / 2);
    const { samples } = pictureOf(plan, TODAY);
    expect(samples[`kms_host_active_clients{host="kms01.${BRANCH_SITE}",pool="windows"}`]).toBe(14);
  });

  it('cloned client ids', () => {
    const leases = leasesOf(only(DEMO, 'laboratory', 'desktops', 'training room'), TODAY, 'room-');
    const duplicates = leases.filter(({ duplicate }) => duplicate);
    expect(new Set(duplicates.map(({ client_id }) => client_id)).size).toBe(1);
    expect(new Set(leases.map(({ client_id }) => client_id)).size).toBe(7);
  });

  it('a wrong clock', () => {
    const { leases, samples } = pictureOf(only(DEMO, 'laboratory', 'desktops', 'hypervisor'), TODAY);
    const wrong = leases.filter(({ client }) => client.startsWith('hv-'));
    expect(wrong.map(({ last_result }) => last_result)).toEqual(Array(4).fill('c004f06c'));
    expect(samples[`kms_clients_skewed{host="kms01.${OFFICE_SITE}"}`]).toBe(4);
  });

  it.each([
    ['on a working day', TODAY],
    ['after a weekend', TODAY + 3],
  ])('a product that no host key covers, %s', (_, day) => {
    const { samples } = pictureOf(only(DEMO, 'laboratory', 'desktops', 'pilot'), day);
    expect(samples[`kms_products_refused{class="office",host="kms01.${OFFICE_SITE}",product="office2024"}`]).toBe(1);
  });
});

describe('a plan', () => {
  it.each([
    ['healthy', HEALTHY],
    ['demo', DEMO],
  ])('(%s) has groups, names and hosts that differ', (_, plan) => {
    const unique = (values: readonly string[]) => expect(values).toHaveLength(new Set(values).size);
    unique(plan.groups.map(({ name }) => name));
    unique(plan.groups.map(({ prefix }) => prefix));
    unique(plan.sites.flatMap(({ hosts }) => hosts.map(({ name }) => name)));
    for (const { prefix, site } of plan.groups) {
      // Longer names are cut off where they are bare, and could mean several machines.
      expect(prefix.length).toBeLessThanOrEqual(10);
      expect(plan.sites.map(({ domain }) => domain)).toContain(site);
    }
  });

  it('tells its holidays year by year', () => {
    expect(holidaysBetween(TURN_OF_THE_YEAR, FLEET_START, FLEET_START + 500 * DAY_S)).toEqual([
      { from: '2025-12-19', to: '2026-01-10' },
      { from: '2026-12-19', to: '2027-01-10' },
    ]);
    expect(holidaysBetween(TURN_OF_THE_YEAR, FLEET_START, FLEET_START + DAY_S)).toEqual([]);
    const summer = { from: '07-27', to: '08-16' };
    expect(holidaysBetween(summer, FLEET_START, FLEET_START + 400 * DAY_S)).toEqual([
      { from: '2026-07-27', to: '2026-08-16' },
    ]);
  });
});
