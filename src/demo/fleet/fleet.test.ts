import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { FLEET_START, fleetOf, readBack, recordsUntil } from '../../../test/support/fleet.ts';
import { DAY_S, HOUR_S } from '../../kernel/time.ts';
import { TURN_OF_THE_YEAR } from './calendar.ts';
import { demoPlan } from './demo-plan.ts';
import { createFleet } from './fleet.ts';
import { healthyPlan } from './healthy-plan.ts';
import { formatHresult, type LogRecord } from './log-record.ts';

const DAYS = 60;
const PLAN = demoPlan({ size: 100, today: 50, holiday: TURN_OF_THE_YEAR });
const WHOLE = recordsUntil(fleetOf(PLAN), DAYS);

function secondsOf({ time }: LogRecord): number {
  return Date.parse(time) / 1000;
}

describe('the records of a fleet', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(recordsUntil(fleetOf(PLAN), DAYS)).toEqual(WHOLE);
    expect(recordsUntil(fleetOf(PLAN, 'another'), DAYS)).not.toEqual(WHOLE);
  });

  it('do not depend on how the time is cut into intervals, nor on having looked ahead', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: DAYS * DAY_S }), { maxLength: 6 });
    fc.assert(
      fc.property(cuts, (times) => {
        const fleet = fleetOf(PLAN);
        const edges = [0, ...times.toSorted((a, b) => a - b), DAYS * DAY_S].map((time) => FLEET_START + time);
        const parts = edges.slice(1).map((to, index) => [...fleet.records(edges[index] ?? to, to)]);
        expect(parts.flat()).toEqual(WHOLE);
        const [from = 0, to = 0] = edges.slice(-3);
        expect([...fleet.records(from, to)]).toEqual(
          WHOLE.filter((record) => secondsOf(record) >= from && secondsOf(record) < to),
        );
      }),
      { numRuns: 8 },
    );
  });

  it('are the same for two who read by turns, and for one who stops in between', () => {
    const fleet = fleetOf(PLAN);
    const end = FLEET_START + DAY_S;
    const expected = WHOLE.filter((record) => secondsOf(record) < end);
    const iterator = fleet.records(FLEET_START, end)[Symbol.iterator]();
    const first = iterator.next().value;
    expect([...fleet.records(FLEET_START, end)]).toEqual(expected);
    expect([first, ...{ [Symbol.iterator]: () => iterator }]).toEqual(expected);
  });

  it('are all there for one who goes back by a second', () => {
    const fleet = fleetOf(PLAN);
    for (const record of WHOLE.slice(0, 20)) {
      const time = secondsOf(record);
      const once = [...fleet.records(time, time + 1)];
      expect(once).toContainEqual(record);
      expect([...fleet.records(time, time + 1)]).toEqual(once);
    }
  });

  it('come in order of time, with record ids that rise in each log', () => {
    const last = new Map<string, number>();
    let time = FLEET_START;
    for (const record of WHOLE) {
      expect(secondsOf(record)).toBeGreaterThanOrEqual(time);
      time = secondsOf(record);
      const log = `${record.host} ${record.channel}`;
      expect(record.record_id).toBeGreaterThan(last.get(log) ?? 0);
      last.set(log, record.record_id);
    }
    expect(time).toBeLessThan(FLEET_START + DAYS * DAY_S);
  });

  it('are read back by the agent field by field', () => {
    const events = readBack(WHOLE);
    expect(events).toHaveLength(WHOLE.length);
    for (const [index, event] of events.entries()) {
      const record = WHOLE[index];
      if (record === undefined) throw new Error('more events than records');
      expect(event).toMatchObject({ host: record.host, recordId: record.record_id, time: secondsOf(record) });
      if (event.body.kind !== 'request') continue;
      const [joined, ...fields] = record.data;
      expect(joined).toBe(fields.join(','));
      const { hresult, nPolicy, machine, clientId, virtual, status, minutes, activationId } = event.body;
      const flags = [virtual ? '1' : '0', String(status), String(minutes), activationId];
      const read = [formatHresult(hresult), String(nPolicy), machine, clientId, fields[4], ...flags];
      expect(fields.map((field, at) => (at === 2 ? field.toLowerCase() : field))).toEqual(read);
    }
  });

  it('of one group are not changed by another group', () => {
    const healthy = healthyPlan(100);
    const alone = recordsUntil(fleetOf({ ...healthy, groups: healthy.groups.slice(0, 1) }), DAYS);
    const ofDesktops = (records: readonly LogRecord[]) =>
      records.filter(({ data }) => data[3]?.toLowerCase().startsWith('ws-')).map(({ time, data }) => ({ time, data }));
    expect(ofDesktops(alone).length).toBeGreaterThan(100);
    expect(ofDesktops(recordsUntil(fleetOf(healthy), DAYS))).toEqual(ofDesktops(alone));
  });

  it('need a start in whole seconds', () => {
    expect(() => createFleet({ seed: 'a', start: 0.5, plan: PLAN })).toThrow(RangeError);
  });
});

describe('clients', () => {
  const requests = readBack(WHOLE).flatMap(({ time, body }) => (body.kind === 'request' ? [{ time, ...body }] : []));

  test('give both forms of their name, bare and fully qualified', () => {
    const forms = Map.groupBy(requests, ({ machine }) => machine.split('.')[0]);
    const both = [...forms.values()].filter((uses) => new Set(uses.map(({ machine }) => machine)).size === 2);
    expect(both.length).toBeGreaterThan(20);
  });

  test('give their own time in minutes, within two of the host, but for those with a wrong clock', () => {
    for (const { machine, clientTime = 0, time } of requests) {
      expect(clientTime % 60).toBe(0);
      if (!machine.startsWith('hv-')) expect(Math.abs(clientTime - time)).toBeLessThanOrEqual(150);
    }
  });

  test('renew every seven days, at most some weeks late', () => {
    const ofLaboratory = requests.filter(({ machine, nPolicy }) => machine.startsWith('lab-') && nPolicy === 25);
    for (const { status, minutes } of ofLaboratory.filter(({ status }) => status === 1)) {
      expect(status).toBe(1);
      expect(180 - minutes / (24 * 60)).toBeGreaterThan(6.9);
      expect(180 - minutes / (24 * 60)).toBeLessThan(8);
    }
  });

  test.each([
    [TURN_OF_THE_YEAR, '2025-12-19', '2026-01-10'],
    [{ from: '11-03', to: '11-21' }, '2025-11-03', '2025-11-21'],
  ])('of offices are silent at night, on weekends and in the holidays from $from to $to', (holiday, from, to) => {
    const records = recordsUntil(fleetOf(demoPlan({ size: 100, today: 50, holiday })), 100);
    const times = readBack(records).flatMap(({ time, body }) =>
      body.kind === 'request' && body.machine.startsWith('ws-') ? [time] : [],
    );
    for (const time of times) {
      expect([1, 2, 3, 4, 5]).toContain(new Date(time * 1000).getUTCDay());
      expect(time % DAY_S).toBeGreaterThan(6 * HOUR_S);
    }
    const days = new Set(times.map((time) => new Date(time * 1000).toISOString().slice(0, 10)));
    expect([...days].filter((day) => day >= from && day <= to)).toEqual([]);
    expect(days.size).toBeGreaterThan(40);
  });
});

describe('the list of machines', () => {
  const fleet = fleetOf(healthyPlan(100));
  const DAY = 200;
  const time = FLEET_START + DAY * DAY_S;
  const listed = fleet.listed(time);

  it('names all that ever asked, those that are gone too, and each as it was last on', () => {
    const asked = recordsUntil(fleet, DAY).filter(({ event_id }) => event_id === 12290);
    const names = new Set(asked.map(({ data }) => data[3]?.split('.')[0]?.toLowerCase()));
    const known = new Set(listed.map(({ name }) => name.split('.')[0]));
    expect([...names].filter((name) => !known.has(name))).toEqual([]);
    // A machine is on for a few minutes before it asks.
    expect(known.size - names.size).toBeLessThan(3);
    expect(listed.filter(({ seen }) => seen < time - 60 * DAY_S)).not.toEqual([]);
    expect(listed.filter(({ seen }) => seen > time)).toEqual([]);
  });

  it('says since when the directory activates a machine, which asks no host after that', () => {
    const plan = healthyPlan(100);
    const trouble = { kind: 'moves', fromDay: 30, overDays: 20 } as const;
    const moving = fleetOf({ ...plan, groups: plan.groups.map((group) => ({ ...group, trouble })) });
    const at = (day: number) => moving.listed(FLEET_START + day * DAY_S).filter(({ moved }) => moved !== undefined);
    expect(at(30)).toEqual([]);
    expect(at(40).length).toBeGreaterThan(20);
    expect(at(40).length).toBeLessThan(at(51).length);
    const later = [...moving.records(FLEET_START + 51 * DAY_S, FLEET_START + 80 * DAY_S)];
    expect(later.filter(({ event_id }) => event_id === 12290)).toEqual([]);
  });
});
