import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../test/support/estate.ts';
import { report } from '../../test/support/reports.ts';
import type { HostReport } from '../reports/types.ts';
import { ReportBook } from './report-book.ts';
import type { ReportWay } from './settings.ts';
import type { ReportView } from './view.ts';

const HOST = 'kms01.corp.example';
const LIMIT = 15 * MINUTE;
const T = 1_700_000_000_000;

/** The book of one host, with the agent's and the host's clock alike unless a test says otherwise. */
class Told {
  readonly book = new ReportBook();

  constructor(way: ReportWay, since = T) {
    this.keep(way, since);
  }

  keep(way: ReportWay | undefined, now: number): void {
    this.book.keep([{ name: HOST, aliases: [], port: undefined, report: way }], now);
  }

  take(made: HostReport, at = made.time): void {
    this.book.take({ host: HOST, report: made, at, asOf: Math.min(at, made.time) });
  }

  view(now: number): ReportView | undefined {
    return this.book.view(HOST, now, LIMIT);
  }
}

describe('a host that is asked', () => {
  it('is nothing before the first answer, up after it, and nothing again when nobody asks any more', () => {
    const told = new Told('winrm');
    expect(told.view(T)).toMatchObject({ up: undefined, fresh: undefined, last: undefined });
    told.take(report(T));
    expect(told.view(T + LIMIT - 1)).toMatchObject({ up: true, failure: undefined, fresh: { time: T } });
    expect(told.view(T + LIMIT)).toMatchObject({ up: undefined, fresh: undefined, last: { time: T } });
  });

  it('is down with the reason, while what it said stays fresh', () => {
    const told = new Told('command');
    told.take(report(T));
    told.book.takeFailure(HOST, 'it was silent', T + 5 * MINUTE);
    expect(told.view(T + 5 * MINUTE)).toMatchObject({ up: false, failure: 'it was silent', fresh: { time: T } });
    expect(told.view(T + LIMIT)).toMatchObject({ up: false, fresh: undefined });
    told.take(report(T + 16 * MINUTE));
    expect(told.view(T + 16 * MINUTE)).toMatchObject({ up: true, failure: undefined });
  });

  it('is down when its clock is so wrong that its report is old at once', () => {
    const told = new Told('winrm');
    told.take(report(T - LIMIT), T);
    expect(told.view(T)).toMatchObject({ up: false, fresh: undefined });
    expect(told.view(T)?.failure).toContain('set the clock of the host right');
  });

  it('is forgotten when it is asked no more, or in another way', () => {
    const told = new Told('winrm');
    told.take(report(T));
    told.keep('winrm', T);
    expect(told.view(T)?.up).toBe(true);
    told.keep('push', T);
    expect(told.view(T)).toMatchObject({ up: undefined, last: undefined });
    told.keep(undefined, T);
    expect(told.view(T)).toBeUndefined();
  });
});

describe('a host that pushes', () => {
  it('is waited for as long as a report is believed, from the start and from the last push', () => {
    const told = new Told('push');
    expect(told.view(T + LIMIT - 1)?.up).toBeUndefined();
    expect(told.view(T + LIMIT)).toMatchObject({ up: false });
    expect(told.view(T + LIMIT)?.failure).toContain('no report has been pushed for 15m');
    told.take(report(T + LIMIT));
    expect(told.view(T + 2 * LIMIT - 1)?.up).toBe(true);
    expect(told.view(T + 2 * LIMIT)?.up).toBe(false);
  });

  it('keeps the newest when an older one comes out of a spool', () => {
    const told = new Told('push');
    told.take(report(T + 10 * MINUTE));
    told.take(report(T + 5 * MINUTE), T + 11 * MINUTE);
    expect(told.view(T + 11 * MINUTE)).toMatchObject({ up: true, fresh: { time: T + 10 * MINUTE } });
  });

  it('does not take a date ahead for the newest for ever', () => {
    const told = new Told('push');
    told.take(report(T + 600 * MINUTE), T);
    told.take(report(T + 5 * MINUTE));
    expect(told.view(T + 5 * MINUTE)?.fresh?.time).toBe(T + 5 * MINUTE);
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
    expect(told.view(T)?.logRead).toBeUndefined();
    told.take(read(T + MINUTE, 'Application'));
    expect(told.view(T + MINUTE)?.logRead).toBeUndefined();
    told.take(read(T + 2 * MINUTE, 'key management service'));
    told.take(report(T + 3 * MINUTE));
    expect(told.view(T + 3 * MINUTE)?.logRead).toBe(T + 2 * MINUTE);
  });

  it('was read no earlier because a report out of a spool comes late', () => {
    const told = new Told('push');
    told.take(read(T + 2 * MINUTE));
    told.take(read(T), T + 3 * MINUTE);
    expect(told.view(T + 3 * MINUTE)?.logRead).toBe(T + 2 * MINUTE);
  });
});
