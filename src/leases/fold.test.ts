import { describe, expect, it, test } from 'vitest';
import { HISTORY_START as T } from '../../test/model/histories.ts';
import { DEFAULTS, request } from '../../test/model/requests.ts';
import { DAY_S, MINUTE_S, seconds } from '../kernel/time.ts';
import type { Sufficiency } from './count.ts';
import { foldRequest } from './fold.ts';
import type { Lease, LeaseRequest } from './types.ts';

const VALIDITY_MINUTES = 259_200;

/** Folds requests, all of them answered by a host whose count is worth so much. */
function fold(requests: readonly Partial<LeaseRequest>[], count: Sufficiency = 'enough'): Lease {
  const lease = requests.reduce<Lease | undefined>(
    (before, facts) => foldRequest(before, request(facts), count, DEFAULTS),
    undefined,
  );
  if (lease === undefined) throw new Error('no requests');
  return lease;
}

const NEW = { status: 5, minutes: 0 };

describe('the first request', () => {
  it('presumes a lease when enough clients are counted', () => {
    expect(fold([NEW])).toMatchObject({
      first: T,
      confirmed: undefined,
      presumed: T + 180 * DAY_S,
      doubt: false,
      renewal: { time: seconds(T), machine: 'ws1.corp.test', presumed: true },
      previous: undefined,
    });
  });

  test.each([
    ['too few clients', NEW, 'short' as const],
    ['an unknown count', NEW, 'open' as const],
    ['a refusal', { ...NEW, hresult: 0xc004f06c }, 'enough' as const],
    ['a product of no pool', { ...NEW, pool: undefined, cls: 'unknown' as const }, 'enough' as const],
  ])('%s: nothing is presumed', (_, facts, count) => {
    expect(fold([facts], count).presumed).toBeUndefined();
  });

  it('presumes a lease of a client that is licensed if nothing says that there are too few', () => {
    expect(fold([{ minutes: 1000 }], 'open').presumed).toBe(T + 180 * DAY_S);
    expect(fold([{ minutes: 0 }], 'open').presumed).toBeUndefined();
    expect(fold([{ minutes: 1000 }], 'short').presumed).toBeUndefined();
  });

  it('confirms what the client says, even if the host refuses it', () => {
    expect(fold([{ minutes: 1000, hresult: 0xc004f042 }])).toMatchObject({
      confirmed: T + 1000 * MINUTE_S,
      presumed: undefined,
      renewal: undefined,
    });
  });
});

describe('a repeat', () => {
  it('changes nothing but the last request', () => {
    const lease = fold([NEW, { ...NEW, time: seconds(T + 15 * MINUTE_S - 1), recordId: 2 }]);
    expect(lease).toMatchObject({
      presumed: T + 180 * DAY_S,
      doubt: false,
      previous: T,
      renewal: { time: seconds(T) },
    });
    expect(lease.last.recordId).toBe(2);
  });

  test.each([
    ['after 15 minutes', { ...NEW, time: seconds(T + 15 * MINUTE_S) }, true],
    ['by another machine', { ...NEW, time: seconds(T + MINUTE_S), machine: 'ws2.corp.test' }, false],
  ])('is none %s', (_, facts, doubt) => {
    const lease = fold([NEW, facts]);
    expect(lease.renewal).toMatchObject({ time: seconds(facts.time) });
    expect(lease.doubt).toBe(doubt);
  });
});

describe('what a client says of its last renewal', () => {
  const next = { time: seconds(T + 7 * DAY_S) };
  /** Minutes left at `next` when the renewal at T took. */
  const left = VALIDITY_MINUTES - 7 * 1440;

  test.each([
    ['all that a renewal gives', { minutes: left }, false],
    ['a day less', { minutes: left - 1440 }, false],
    ['more than a day less', { minutes: left - 1441 }, true],
    ['no licence', { status: 5, minutes: 0 }, true],
    ['no licence, and is another machine', { status: 5, minutes: 0, machine: 'ws2.corp.test' }, false],
    ['less, and is another machine', { minutes: 1, machine: 'ws2.corp.test' }, false],
    ['licensed with no time', { minutes: 0 }, false],
    ['licensed for more than 180 days', { minutes: VALIDITY_MINUTES + 1 }, false],
  ])('%s', (_, facts, doubt) => {
    expect(fold([NEW, { ...next, ...facts }]).doubt).toBe(doubt);
  });

  it('raises no doubt where nothing was presumed', () => {
    const before = foldRequest(undefined, request(NEW), 'short', DEFAULTS);
    expect(foldRequest(before, request({ ...next, ...NEW }), 'short', DEFAULTS).doubt).toBe(false);
    expect(foldRequest(before, request({ ...next, minutes: 1 }), 'short', DEFAULTS).doubt).toBe(false);
  });

  it('raises no doubt when the presumed lease has ended by then', () => {
    expect(fold([NEW, { ...NEW, time: seconds(T + 180 * DAY_S - 1) }]).doubt).toBe(true);
    expect(fold([NEW, { ...NEW, time: seconds(T + 180 * DAY_S) }]).doubt).toBe(false);
  });

  it('stops presuming until a renewal takes', () => {
    const failing = fold([NEW, { ...NEW, time: seconds(T + 7 * DAY_S) }]);
    expect(failing).toMatchObject({
      doubt: true,
      presumed: undefined,
      renewal: { time: seconds(T + 7 * DAY_S), presumed: false },
    });
    const again = foldRequest(failing, request({ time: seconds(T + 14 * DAY_S), minutes: left }), 'enough', DEFAULTS);
    expect(again).toMatchObject({ doubt: false, presumed: T + 194 * DAY_S });
  });

  it('counts anomalies and leaves the expiry to the answer', () => {
    const lease = fold([NEW, { ...next, minutes: 0 }]);
    expect(lease).toMatchObject({ anomalies: 1, confirmed: undefined, presumed: T + 187 * DAY_S });
    expect(fold([NEW, { ...next, minutes: 0 }, { time: seconds(T + 14 * DAY_S), minutes: 0 }]).anomalies).toBe(2);
    const refused = fold([{ minutes: 1000 }, { ...next, minutes: 0, hresult: 1 }]);
    expect(refused).toMatchObject({ anomalies: 1, confirmed: T + 1000 * MINUTE_S, presumed: T + 180 * DAY_S });
  });
});

it('is no repeat after an answer that led to nothing', () => {
  const lease = fold([NEW, { ...NEW, time: seconds(T + MINUTE_S) }], 'short');
  expect(lease.renewal).toMatchObject({ time: T + MINUTE_S, presumed: false });
});

it('tells how many of the last requests were anomalies, and whether all were', () => {
  const odd = (n: number) => ({ time: seconds(T + n * DAY_S), minutes: 0 });
  expect(fold([odd(0)])).toMatchObject({ anomaliesInRow: 1, wasPlausible: false });
  expect(fold([NEW, odd(1), odd(2)])).toMatchObject({ anomaliesInRow: 2, wasPlausible: true });
  expect(fold([NEW, odd(1), odd(2), odd(3), odd(4)])).toMatchObject({ anomaliesInRow: 3, anomalies: 4 });
  expect(fold([odd(0), { ...NEW, time: seconds(T + DAY_S) }])).toMatchObject({ anomaliesInRow: 0, wasPlausible: true });
});

it('keeps the start of a run while the gaps are small', () => {
  const times = [0, 4 * 3600, 8 * 3600, 12 * 3600 + 1, 14 * 3600];
  const starts = times.map(
    (_, index) => fold(times.slice(0, index + 1).map((time) => ({ ...NEW, time: seconds(time) }))).runStart,
  );
  expect(starts).toEqual([0, 0, 0, 12 * 3600 + 1, 12 * 3600 + 1]);
});

it('is plain data', () => {
  const lease = fold([NEW, { time: seconds(T + 7 * DAY_S) }]);
  expect(structuredClone(lease)).toEqual(lease);
});
