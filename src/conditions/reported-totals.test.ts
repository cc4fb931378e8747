import { describe, expect, it } from 'vitest';
import { estate, HOUR, MINUTE, probe } from '../../test/support/estate.ts';
import { hostReport, keyReport, withHosts } from '../../test/support/host-snapshot.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import { ReportedTotals } from './reported-totals.ts';

function saying(at: number, requests: number | undefined): EstateSnapshot {
  const watched = estate({ domains: [], hosts: [{ name: 'kms01', aliases: [], port: 1688 }] });
  watched.recordProbe(probe(at, 'kms01'));
  const last = hostReport(at, { keys: [keyReport({ requests })] });
  return withHosts(watched.snapshot(at), {
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
      [MINUTE, 11],
      [HOUR, 11],
      [HOUR + MINUTE, 11],
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
        [MINUTE, 3],
      ]),
    ).toEqual([false, true]);
  });

  it('is not compared with what it was more than an hour ago', () => {
    expect(
      told([
        [0, 10],
        [MINUTE, undefined],
        [2 * HOUR, 20],
      ]),
    ).toEqual([false, false, false]);
  });
});
