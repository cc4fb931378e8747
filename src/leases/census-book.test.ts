import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { DAY_S } from '../kernel/time.ts';
import { CensusBook, type CensusChange, MAX_N_POLICY } from './census-book.ts';
import { CENSUS_WINDOW as W } from './census-window.ts';
import type { Presence } from './presence.ts';
import type { Interval } from './types.ts';

interface Contact {
  readonly time: number;
  readonly client: number;
}

const contacts = fc.array(
  fc.record({ time: fc.integer({ min: 0, max: 80 }).map((days) => days * 2 * DAY_S), client: fc.nat(7) }),
  { maxLength: 40, size: 'max' },
);
const NS = [1, 2, 3, 5];

/** A book and what its caller keeps. */
class Desk {
  readonly book = new CensusBook();
  readonly presences = new Map<number, Presence>();

  enter({ time, client }: Contact): readonly CensusChange[] {
    const entry = this.book.enter(this.presences.get(client) ?? [], time);
    this.presences.set(client, entry.presence);
    return entry.changes;
  }
}

describe('a census book', () => {
  it('knows at every time whether the census is below N, in whatever order contacts come', () => {
    fc.assert(
      fc.property(contacts, (all) => {
        const desk = new Desk();
        for (const contact of all) desk.enter(contact);
        for (const time of momentsOf(all)) {
          expect(desk.book.countAt(time)).toBe(Math.min(25, census(all, time)));
          for (const n of NS) {
            const short = within(desk.book.shortIntervals(n), time);
            expect(short).toBe(census(all, time) < n);
            expect(desk.book.shortSince(n, time) !== undefined).toBe(short);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('tells every change of an answer that was given, and no other', () => {
    fc.assert(
      fc.property(contacts, (all) => {
        const desk = new Desk();
        for (const n of NS) desk.book.watch(n, () => desk.presences.values());
        for (const [index, contact] of all.entries()) {
          expectToldChanges(desk.enter(contact), all.slice(0, index), contact);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is the same when drawn at once, and after a night on disk', () => {
    fc.assert(
      fc.property(contacts, (all) => {
        const desk = new Desk();
        for (const n of NS) desk.book.watch(n, () => []);
        for (const contact of all) desk.enter(contact);
        const { snapshot } = desk.book;
        const latest = all.length === 0 ? undefined : Math.max(...all.map(({ time }) => time));
        expect(CensusBook.of(desk.presences.values(), NS, latest).snapshot).toEqual(snapshot);
        expect(new CensusBook(structuredClone(snapshot)).snapshot).toEqual(snapshot);
      }),
    );
  });

  it('tells counts apart beyond 75 once a larger N is watched', () => {
    const desk = new Desk();
    for (let client = 0; client < 100; client++) desk.enter({ client, time: client });
    expect(desk.book.countAt(99)).toBe(75);
    desk.book.watch(80, () => desk.presences.values());
    expect(desk.book.shortIntervals(80)).toEqual([
      { from: Number.NEGATIVE_INFINITY, until: 79 },
      { from: 20 + W, until: Number.POSITIVE_INFINITY },
    ]);
  });

  it('takes an N-policy that nobody has for one that is never met', () => {
    const desk = new Desk();
    desk.book.watch(MAX_N_POLICY + 1, () => expect.unreachable());
    for (let client = 0; client < 2000; client++) desk.enter({ client, time: 0 });
    expect(desk.book.countAt(0)).toBe(75);
  });

  it('forgets what is too old to be asked about', () => {
    const desk = new Desk();
    for (let client = 0; client < 3; client++) desk.enter({ client, time: client * 100 * DAY_S });
    desk.book.forgetBefore(150 * DAY_S);
    expect(desk.book.snapshot.curve.times).toEqual([130 * DAY_S, 200 * DAY_S, 230 * DAY_S]);
    expect(desk.book.countAt(210 * DAY_S)).toBe(1);
  });
});

test.each(['oldest first', 'newest first'])('a large fleet leaves a small book, and few changes: %s', (order) => {
  const fleet = Array.from({ length: 20_000 }, (_, index) => ({ client: index % 4000, time: index * 151 }));
  if (order === 'newest first') fleet.reverse();
  const desk = new Desk();
  desk.book.watch(25, () => []);
  const changes = fleet.reduce((sum, contact) => sum + desk.enter(contact).length, 0);
  expect(desk.book.snapshot.curve.times.length).toBeLessThanOrEqual(150);
  expect(changes).toBeLessThanOrEqual(fleet.length);
});

/** Of the moments up to the latest contact, as nobody has asked about later ones. */
function expectToldChanges(changes: readonly CensusChange[], before: readonly Contact[], contact: Contact): void {
  const after = [...before, contact];
  const latest = Math.max(...after.map(({ time }) => time));
  for (const time of momentsOf(after).filter((moment) => moment <= latest)) {
    const [was, is] = [census(before, time), census(after, time)];
    const told = changes.filter(({ interval }) => within([interval], time)).map(({ n }) => n);
    expect(told).toEqual(NS.filter((n) => was < n && is >= n));
  }
}

function census(all: readonly Contact[], time: number): number {
  return new Set(all.filter((one) => one.time > time - W && one.time <= time).map(({ client }) => client)).size;
}

/** Every moment at which the census can change, and those beside it. */
function momentsOf(all: readonly Contact[]): number[] {
  const turns = all.flatMap(({ time }) => [time, time + W]);
  return [...new Set(turns.flatMap((time) => [time - 1, time, time + 1]))];
}

function within(intervals: readonly Interval[], time: number): boolean {
  return intervals.some(({ from, until }) => from <= time && time < until);
}
