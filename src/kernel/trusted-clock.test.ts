import { describe, expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { DAY_MS, HOUR_MS, inSeconds, MINUTE_MS, type Millis, millis, SECOND_MS } from './time.ts';
import { type ClockSource, TrustedClock } from './trusted-clock.ts';

const START = millis(1_780_000_000_000);
const YEAR_MS = 365 * DAY_MS;

/** A machine whose clock can be set; `passed` is the true time since the beginning. */
class Machine implements ClockSource {
  passed = 0;
  /** How far the clock is off. */
  off = 0;
  boot: string | undefined = 'one';

  get true(): Millis {
    return millis(START + this.passed);
  }

  now = (): Millis => millis(this.true + this.off);
  monotonic = (): Millis => millis(5000 + this.passed);

  set(off: number): this {
    this.off = off;
    return this;
  }
}

/** Time passes, and the agent looks at the clock now and then. */
function pass(machine: Machine, clock: TrustedClock, milliseconds: number): void {
  for (let left = milliseconds; left > 0; left -= MINUTE_MS) {
    machine.passed += Math.min(left, MINUTE_MS);
    clock.now();
  }
}

function wrongBy(machine: Machine, clock: TrustedClock): number {
  return clock.now() - machine.true;
}

function hear(clock: TrustedClock, host: string, time: number): void {
  clock.hear([{ host: hostName(host), time: inSeconds(millis(time)) }]);
}

describe('a trusted clock', () => {
  it('is that of the system as long as it does not step', () => {
    const machine = new Machine();
    const clock = new TrustedClock(machine);
    for (let second = 0; second < 7200; second += 1) {
      machine.passed += 1000;
      machine.off += 10;
      expect(clock.now()).toBe(machine.now());
    }
    expect(clock.state()).toMatchObject({ steps: 0, isStepped: false, isInDoubt: false });
  });

  it.each([2 * MINUTE_MS, HOUR_MS, -HOUR_MS, 400 * DAY_MS, -30 * YEAR_MS])(
    'goes on through a step of %d ms and back',
    (step) => {
      const machine = new Machine();
      const clock = new TrustedClock(machine);
      machine.set(step);
      expect([wrongBy(machine, clock), clock.isInDoubt, clock.state().steps]).toEqual([0, true, 1]);
      pass(machine, clock, 30 * MINUTE_MS);
      expect(wrongBy(machine, clock)).toBe(0);
      machine.set(0);
      pass(machine, clock, 59 * MINUTE_MS);
      expect([wrongBy(machine, clock), clock.isInDoubt, clock.state().steps]).toEqual([0, true, 2]);
      pass(machine, clock, 2 * MINUTE_MS);
      expect([wrongBy(machine, clock), clock.isInDoubt]).toEqual([0, false]);
    },
  );

  it('counts what adds up to a step within an hour', () => {
    const machine = new Machine();
    const clock = new TrustedClock(machine);
    for (const off of [20, 40, 59]) expect(wrongBy(machine.set(off * 1000), clock)).toBe(off * 1000);
    expect([wrongBy(machine.set(61_000), clock), clock.state().steps]).toEqual([59_000, 1]);
  });

  it('follows the system after an hour without a step, and at once when a host has its time', () => {
    const machine = new Machine();
    const clock = new TrustedClock(machine);
    clock.now();
    machine.set(5 * DAY_MS);
    pass(machine, clock, 59 * MINUTE_MS);
    expect(wrongBy(machine, clock)).toBe(0);
    pass(machine, clock, 2 * MINUTE_MS);
    expect(wrongBy(machine, clock)).toBe(5 * DAY_MS);
    machine.set(0);
    expect(wrongBy(machine, clock)).toBe(5 * DAY_MS);
    hear(clock, 'kms1', machine.true - 5000);
    expect([wrongBy(machine, clock), clock.isInDoubt]).toEqual([0, false]);
  });

  it('stays in doubt as long as hosts have another time', () => {
    const machine = new Machine();
    const clock = new TrustedClock(machine);
    clock.now();
    for (const off of [10 * HOUR_MS, 5 * DAY_MS, -5 * DAY_MS]) {
      machine.set(off);
      for (let times = 0; times < 20; times += 1) {
        pass(machine, clock, 30 * MINUTE_MS);
        hear(clock, 'kms1', machine.true - 5000);
        expect([wrongBy(machine, clock), clock.isInDoubt]).toEqual([0, true]);
      }
    }
  });

  it('takes no history for the time', () => {
    const machine = new Machine();
    const clock = new TrustedClock(machine);
    hear(clock, 'kms1', machine.true);
    machine.set(-2 * DAY_MS);
    hear(clock, 'kms2', machine.now());
    expect([wrongBy(machine, clock), clock.isInDoubt]).toEqual([0, true]);
  });

  it('is in doubt when a host is more than a day ahead, unless others have agreed with it for an hour', () => {
    const machine = new Machine();
    const clock = new TrustedClock(machine);
    hear(clock, 'kms1', machine.true + 25 * HOUR_MS);
    expect([clock.isInDoubt, clock.state().behind]).toEqual([true, 25 * 3600]);
    pass(machine, clock, 61 * MINUTE_MS);
    expect([clock.isInDoubt, clock.state().behind]).toEqual([false, 0]);
    hear(clock, 'kms2', machine.true);
    pass(machine, clock, HOUR_MS);
    hear(clock, 'kms2', machine.true);
    hear(clock, 'kms1', machine.true + 25 * HOUR_MS);
    expect([clock.isInDoubt, clock.state().behind]).toEqual([false, 25 * 3600]);
  });
});

describe('a trusted clock of the next run', () => {
  function next(machine: Machine, before: TrustedClock, away: number, off: number, boot = 'one'): TrustedClock {
    const memory = before.memory();
    machine.passed += away;
    machine.boot = boot;
    machine.set(off);
    const clock = new TrustedClock(machine);
    clock.recall(memory);
    return clock;
  }

  it.each([
    ['is right', 3 * DAY_MS, 0, 'one', 0, false, 0],
    ['was set forward, on the same machine', HOUR_MS, 400 * DAY_MS, 'one', 0, true, 1],
    ['was set back, on the same machine', HOUR_MS, -3 * HOUR_MS, 'one', 0, true, 1],
    ['was set back over a start of the machine', HOUR_MS, -3 * HOUR_MS, 'two', -HOUR_MS, true, 1],
    ['may have been set forward over a start of the machine', HOUR_MS, 400 * DAY_MS, 'two', -HOUR_MS, true, 0],
    ['is right after a start of the machine', HOUR_MS, 0, 'two', 0, false, 0],
  ] as const)('that %s', (_, away, off, boot, wrong, isInDoubt, steps) => {
    const machine = new Machine();
    const clock = next(machine, new TrustedClock(machine), away, off, boot);
    expect(clock.lived).toBe(boot === 'one' ? away / 1000 : 0);
    expect([wrongBy(machine, clock), clock.isInDoubt, clock.state().steps]).toEqual([wrong, isInDoubt, steps]);
  });

  it('keeps the doubt, and counts the step once', () => {
    const machine = new Machine();
    const before = new TrustedClock(machine);
    machine.set(10 * SECOND_MS);
    before.now();
    machine.set(DAY_MS);
    pass(machine, before, 50 * MINUTE_MS);
    const clock = next(machine, before, MINUTE_MS, DAY_MS);
    expect([wrongBy(machine, clock), clock.state()]).toMatchObject([
      10_000,
      { steps: 0, isStepped: true, isInDoubt: true },
    ]);
    pass(machine, clock, 10 * MINUTE_MS);
    expect([wrongBy(machine, clock), clock.isInDoubt]).toEqual([DAY_MS, false]);
  });

  it('begins with the system if nothing is remembered', () => {
    const clock = new TrustedClock(new Machine());
    clock.recall(undefined);
    clock.recall('{}');
    clock.recall('{"boo');
    expect(clock.isInDoubt).toBe(false);
  });
});
