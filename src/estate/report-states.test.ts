import { describe, expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { report } from '../../test/support/reports.ts';
import { MINUTE_MS, millis } from '../kernel/time.ts';
import type { HostReport } from '../reports/types.ts';
import { ReportStates } from './report-states.ts';
import type { ReportWay } from './settings.ts';
import type { ReportSnapshot } from './snapshot.ts';

const HOST = 'kms01.corp.example';
const LIMIT = millis(15 * MINUTE_MS);
const T = 1_700_000_000_000;

/** The states of one host, with the agent's and the host's clock alike unless a test says otherwise. */
class Told {
  readonly states = new ReportStates();

  constructor(way: ReportWay, since = T) {
    this.keep(way, since);
  }

  keep(way: ReportWay | undefined, now: number): void {
    this.states.keep([{ name: hostName(HOST), aliases: [], port: undefined, report: way }], millis(now));
  }

  take(made: HostReport, at = made.time): void {
    this.states.recordReport({ host: hostName(HOST), report: made, at, asOf: millis(Math.min(at, made.time)) });
  }

  snapshot(now: number): ReportSnapshot | undefined {
    return this.states.snapshot(hostName(HOST), millis(now), LIMIT);
  }
}

describe('the report of a host that is asked', () => {
  it('is unknown before the first answer, up after it, and unknown again once it is too old', () => {
    const told = new Told('winrm');
    expect(told.snapshot(T)).toMatchObject({ up: undefined, fresh: undefined, last: undefined });
    told.take(report(T));
    expect(told.snapshot(T + LIMIT - 1)).toMatchObject({ up: true, failure: undefined, fresh: { time: T } });
    expect(told.snapshot(T + LIMIT)).toMatchObject({ up: undefined, fresh: undefined, last: { time: T } });
  });

  it('is down with the reason after a failure, while its last content stays fresh', () => {
    const told = new Told('command');
    told.take(report(T));
    told.states.recordFailure(hostName(HOST), 'it was silent', millis(T + 5 * MINUTE_MS));
    expect(told.snapshot(T + 5 * MINUTE_MS)).toMatchObject({ up: false, failure: 'it was silent', fresh: { time: T } });
    expect(told.snapshot(T + LIMIT)).toMatchObject({ up: false, fresh: undefined });
    told.take(report(T + 16 * MINUTE_MS));
    expect(told.snapshot(T + 16 * MINUTE_MS)).toMatchObject({ up: true, failure: undefined });
  });

  it('is down if the clock of the host is so wrong that its report is stale on arrival', () => {
    const told = new Told('winrm');
    told.take(report(T - LIMIT), millis(T));
    expect(told.snapshot(T)).toMatchObject({ up: false, fresh: undefined });
    expect(told.snapshot(T)?.failure).toContain('correct the clock of the host');
  });

  it('is dropped if the host is no longer asked, or in another way', () => {
    const told = new Told('winrm');
    told.take(report(T));
    told.keep('winrm', T);
    expect(told.snapshot(T)?.up).toBe(true);
    told.keep('push', T);
    expect(told.snapshot(T)).toMatchObject({ up: undefined, last: undefined });
    told.keep(undefined, T);
    expect(told.snapshot(T)).toBeUndefined();
  });
});

describe('the report of a host that pushes', () => {
  it('is awaited for `reports.stale_after`, from the start and from the last push', () => {
    const told = new Told('push');
    expect(told.snapshot(T + LIMIT - 1)?.up).toBeUndefined();
    expect(told.snapshot(T + LIMIT)).toMatchObject({ up: false });
    expect(told.snapshot(T + LIMIT)?.failure).toContain('no report has been pushed for 15m');
    told.take(report(T + LIMIT));
    expect(told.snapshot(T + 2 * LIMIT - 1)?.up).toBe(true);
    expect(told.snapshot(T + 2 * LIMIT)?.up).toBe(false);
  });

  it('stays the newest one when an older one arrives late', () => {
    const told = new Told('push');
    told.take(report(T + 10 * MINUTE_MS));
    told.take(report(T + 5 * MINUTE_MS), millis(T + 11 * MINUTE_MS));
    expect(told.snapshot(T + 11 * MINUTE_MS)).toMatchObject({ up: true, fresh: { time: T + 10 * MINUTE_MS } });
  });

  it('is replaced by the next one if it was dated ahead', () => {
    const told = new Told('push');
    told.take(report(T + 600 * MINUTE_MS), millis(T));
    told.take(report(T + 5 * MINUTE_MS));
    expect(told.snapshot(T + 5 * MINUTE_MS)?.fresh?.time).toBe(T + 5 * MINUTE_MS);
  });
});

describe('the log of a host', () => {
  const read = (time: number, channel = 'Key Management Service'): HostReport => ({
    ...report(time),
    logs: [{ channel, recordId: 0 }],
  });

  it('was read when a report says so, and as of then', () => {
    const told = new Told('push');
    told.take(report(T));
    expect(told.snapshot(T)?.logRead).toBeUndefined();
    told.take(read(T + MINUTE_MS, 'Application'));
    expect(told.snapshot(T + MINUTE_MS)?.logRead).toBeUndefined();
    told.take(read(T + 2 * MINUTE_MS, 'key management service'));
    told.take(report(T + 3 * MINUTE_MS));
    expect(told.snapshot(T + 3 * MINUTE_MS)?.logRead).toBe(T + 2 * MINUTE_MS);
  });

  it('was read no earlier because a report out of a spool comes late', () => {
    const told = new Told('push');
    told.take(read(T + 2 * MINUTE_MS));
    told.take(read(T), millis(T + 3 * MINUTE_MS));
    expect(told.snapshot(T + 3 * MINUTE_MS)?.logRead).toBe(T + 2 * MINUTE_MS);
  });
});
