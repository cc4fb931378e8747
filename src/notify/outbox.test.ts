import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCondition } from '../../test/support/conditions.ts';
import { millis } from '../kernel/time.ts';
import { type Alert, alertOf, isResolved } from './alert.ts';
import { Outbox } from './outbox.ts';

const NOW = 1_700_000_100_000;
const [a, b] = [alertOf(openCondition('a.example')), alertOf(openCondition('b.example'))];

function told(outbox: Outbox): readonly string[] {
  return outbox.pending().map((alert) => `${alert.labels['host']} ${isResolved(alert) ? 'resolved' : 'firing'}`);
}

describe('an outbox', () => {
  it('tells what fires once, and once that it is over', () => {
    const outbox = new Outbox();
    outbox.update([a], millis(NOW));
    expect(told(outbox)).toEqual(['a.example firing']);
    outbox.delivered(outbox.pending());
    outbox.update([{ ...a, summary: 'the number has changed' }], millis(NOW + 1));
    expect(told(outbox)).toEqual([]);
    outbox.update([], millis(NOW + 2));
    expect(outbox.pending()).toEqual([{ ...a, summary: 'the number has changed', endsAt: NOW + 2 }]);
    outbox.delivered(outbox.pending());
    outbox.update([], millis(NOW + 3));
    expect(told(outbox)).toEqual([]);
  });

  it('is silent about what another alert explains, and takes nothing back that it told', () => {
    const outbox = new Outbox();
    outbox.update([a], millis(NOW), [b]);
    expect(told(outbox)).toEqual(['a.example firing']);
    outbox.delivered(outbox.pending());
    outbox.update([b], millis(NOW + 1), [a]);
    expect(told(outbox)).toEqual(['b.example firing']);
    outbox.delivered(outbox.pending());
    outbox.update([b], millis(NOW + 2));
    expect(told(outbox)).toEqual(['a.example resolved']);
    outbox.delivered(outbox.pending());
    outbox.update([a], millis(NOW + 3), [b]);
    outbox.update([], millis(NOW + 4), [b]);
    expect(told(outbox)).toEqual(['a.example resolved']);
  });

  it('tells what began and ended while the receiver did not answer', () => {
    const outbox = new Outbox();
    outbox.update([a, b], millis(NOW));
    outbox.update([b], millis(NOW + 1));
    expect(told(outbox)).toEqual(['a.example resolved', 'b.example firing']);
  });

  it('keeps what changed while it was being delivered', () => {
    const outbox = new Outbox();
    outbox.update([a], millis(NOW));
    const underWay = outbox.pending();
    outbox.update([], millis(NOW + 1));
    outbox.delivered(underWay);
    expect(told(outbox)).toEqual(['a.example resolved']);
    const resolved = outbox.pending();
    outbox.update([{ ...a, startsAt: millis(NOW + 2) }], millis(NOW + 2));
    outbox.delivered(resolved);
    expect(told(outbox)).toEqual(['a.example firing']);
  });

  it('makes room for what fires by leaving out what is over, and counts it', () => {
    const outbox = new Outbox([], 2);
    outbox.update([a], millis(NOW));
    outbox.update([b], millis(NOW + 1));
    const c = alertOf(openCondition('c.example'));
    outbox.update([b, c], millis(NOW + 2));
    expect([told(outbox), outbox.dropped]).toEqual([['b.example firing', 'c.example firing'], 1]);
    outbox.update([b, c, a], millis(NOW + 3));
    expect([told(outbox), outbox.dropped]).toEqual([['b.example firing', 'c.example firing'], 2]);
  });

  it('comes back from what was written down as it was, whatever happened', () => {
    const names = ['a', 'b', 'c', 'd'].map((name) => alertOf(openCondition(`${name}.example`)));
    const step = fc.oneof(
      fc.record({ kind: fc.constant('update' as const), firing: fc.subarray(names) }),
      fc.record({ kind: fc.constant('deliver' as const), count: fc.nat(4) }),
      fc.record({ kind: fc.constant('restart' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const disk = new Map<string, { alert: Alert; pending: boolean }>();
        let outbox = new Outbox();
        /** What the receiver believes to be firing. */
        const believed = new Set<string>();
        let firing: readonly Alert[] = [];
        const save = (): void => {
          const { put, drop } = outbox.takeChanges();
          for (const entry of put) disk.set(entry.alert.fingerprint, entry);
          for (const fingerprint of drop) disk.delete(fingerprint);
        };
        const deliver = (count: number): void => {
          const alerts = outbox.pending().slice(0, count);
          for (const alert of alerts) {
            if (isResolved(alert)) believed.delete(alert.fingerprint);
            else believed.add(alert.fingerprint);
          }
          outbox.delivered(alerts);
        };
        for (const [index, one] of steps.entries()) {
          if (one.kind === 'update') {
            firing = one.firing;
            outbox.update(firing, millis(NOW + index));
          } else if (one.kind === 'deliver') deliver(one.count);
          else outbox = new Outbox(disk.values());
          save();
        }
        deliver(Number.MAX_SAFE_INTEGER);
        expect([...believed].sort()).toEqual(firing.map(({ fingerprint }) => fingerprint).sort());
        expect(outbox.pending()).toEqual([]);
      }),
    );
  });
});
