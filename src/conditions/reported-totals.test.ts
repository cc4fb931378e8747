import { describe, expect, it } from 'vitest';
import { estate, probe } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { hostReport, keyReport, withHosts } from '../../test/support/host-snapshot.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import { HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import { ReportedTotals } from './reported-totals.ts';

function saying(at: number, requests: number | undefined): EstateSnapshot {
  const watched = estate({ domains: [], hosts: [{ name: hostName('kms01'), aliases: [], port: 1688 }] });
  watched.recordProbe(probe(at, 'kms01'));
  const last = hostReport(at, { keys: [keyReport({ requests })] });
  return withHosts(watched.snapshot(millis(at)), {
    kms01: { report: { up: true, failure: undefined, fresh: last, last } },
  });
}

function told(readings: readonly (readonly [at: number, requests: number | undefined])[]): readonly boolean[] {
  const totals = new ReportedTotals();
  return readings.map(([at, requests]) => totals.update(saying(at, requests)).has('kms01'));
}

describe('the total that a host reports', () => {
  it('has risen for an hour after it rose', () => {
    const rise = told([
      [0, 10],
      [MINUTE_MS, 11],
      [HOUR_MS, 11],
      [HOUR_MS + MINUTE_MS, 11],
    ]);
    expect(rise).toEqual([false, true, true, false]);
  });

  it('has not risen at the first word of it', () => {
    expect(told([[0, 10]])).toEqual([false]);
  });

  it('has risen when it begins again', () => {
    expect(
      told([
        [0, 10],
        [MINUTE_MS, 3],
      ]),
    ).toEqual([false, true]);
  });

  it('is not compared with what it was more than an hour ago', () => {
    expect(
      told([
        [0, 10],
        [MINUTE_MS, undefined],
        [2 * HOUR_MS, 20],
      ]),
    ).toEqual([false, false, false]);
  });
});
