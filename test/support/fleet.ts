/** Simulated fleets for tests, and the results of the lease rules for their records. */

import type { EventRecord } from '../../src/activations/types.ts';
import { createFleet, type Fleet } from '../../src/demo/fleet/fleet.ts';
import { healthyPlan, OFFICE_SITE } from '../../src/demo/fleet/healthy-plan.ts';
import type { LogRecord } from '../../src/demo/fleet/log-record.ts';
import type { FleetPlan, GroupPlan } from '../../src/demo/fleet/plan.ts';
import { HOST_KEYS, PRODUCTS } from '../../src/demo/fleet/products.ts';
import { DAY_S } from '../../src/kernel/time.ts';
import type { LeaseClass } from '../../src/leases/types.ts';
import { Composed } from '../model/composed.ts';
import { composedPicture } from '../model/composed-picture.ts';
import type { ModelRecord, Picture, World } from '../model/world.ts';
import { DEFAULT_SETTINGS } from '../store/default-settings.ts';
import { readEventsFrom } from './read-events.ts';

/** A Monday. */
export const FLEET_START = Date.parse('2025-10-20T00:00:00Z') / 1000;

const NAMES: ReadonlyMap<string, { readonly name: string; readonly cls: LeaseClass }> = new Map(
  Object.entries(PRODUCTS).map(([name, { activationId, nPolicy, key }]) => {
    const windows = nPolicy === 25 ? 'client' : 'server';
    return [activationId, { name, cls: HOST_KEYS[key].pool === 'office' ? 'office' : windows }];
  }),
);

export function fleetOf(plan: FleetPlan, seed = 'test'): Fleet {
  return createFleet({ seed, start: FLEET_START, plan });
}

/** Some of a plan's groups, by name. */
export function only(plan: FleetPlan, ...names: readonly string[]): FleetPlan {
  return { ...plan, groups: plan.groups.filter(({ name }) => names.includes(name)) };
}

/** One group alone among 30 others that keep its host above every threshold. */
export function among(group: Partial<GroupPlan>): FleetPlan {
  const others = {
    name: 'others',
    story: 'fill the count',
    site: OFFICE_SITE,
    prefix: 'other-',
    size: 30,
    rhythm: 'always',
    products: ['windowsEnterprise', 'office2021'],
  } as const satisfies GroupPlan;
  const subject = { ...others, name: 'subject', story: 'is looked at', prefix: 'it-', size: 8, ...group };
  return { ...healthyPlan(0), groups: [others, subject] };
}

/** @param until day of the fleet */
export function recordsUntil(fleet: Fleet, until: number): LogRecord[] {
  return [...fleet.records(FLEET_START, FLEET_START + until * DAY_S)];
}

/** The records as the agent's own reader reads them. @throws if it rejects one */
export function readBack(records: readonly LogRecord[]): EventRecord[] {
  const text = records.map((record) => JSON.stringify(record)).join('\n');
  return readEventsFrom(Buffer.from(text)).map((reading) => {
    if (!reading.ok) throw new Error(`a record was not taken: ${reading.error.reason}`);
    return reading.value;
  });
}

/** The leases and metrics of a fleet at the end of a day. */
export function pictureOf(plan: FleetPlan, day: number): Picture {
  const records = readBack(recordsUntil(fleetOf(plan), day)).flatMap(modelRecord);
  return composedPicture(new Composed({ ...WORLD, records }), FLEET_START + day * DAY_S);
}

function modelRecord({ body, ...key }: EventRecord): ModelRecord[] {
  return body.kind === 'request' ? [{ ...key, ...body }] : [];
}

/** The default configuration. */
const WORLD: World = {
  records: [],
  reports: [],
  words: [],
  gaps: [],
  retired: [],
  unread: [],
  covers: () => 'unknown',
  keyClasses: () => [],
  product: (activationId) => NAMES.get(activationId),
  resultName: (hresult) => (hresult === 0 ? 'ok' : hresult.toString(16)),
  statusName: (status) => String(status),
  settings: { ...DEFAULT_SETTINGS, ...DEFAULT_SETTINGS.leases },
};
