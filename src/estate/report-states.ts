import { formatDuration } from '../kernel/duration.ts';
import type { HostName } from '../kernel/host-name.ts';
import { type Millis, millis } from '../kernel/time.ts';
import { type HostReport, REQUESTS_LOG } from '../reports/types.ts';
import type { KnownHost, ReportWay } from './settings.ts';
import type { ReportSnapshot } from './snapshot.ts';

/** A report that has come in. Times are milliseconds since the epoch. */
export interface ReceivedReport {
  readonly host: HostName;
  readonly report: HostReport;
  readonly at: Millis;
  /** The moment of the agent's clock that the report speaks of: not after `at`. */
  readonly asOf: Millis;
}

interface ReportState {
  readonly way: ReportWay;
  /** From when on pushes are waited for. */
  readonly since: Millis;
  readonly last: ReceivedReport | undefined;
  /** When it was last tried, or a push came. */
  readonly attempt: { readonly at: Millis; readonly failure: string | undefined } | undefined;
  /** As of when the log of requests was last said to be read. */
  readonly logRead: Millis | undefined;
}

/** What each host said of itself last, and whether it still does. */
export class ReportStates {
  readonly #states = new Map<HostName, ReportState>();

  has(host: HostName): boolean {
    return this.#states.has(host);
  }

  recordReport(received: ReceivedReport): void {
    const state = this.#states.get(received.host);
    if (state === undefined) return;
    const last = isNewer(received, state.last) ? received : state.last;
    const logRead = newestReading(state.logRead, received);
    this.#states.set(received.host, { ...state, last, logRead, attempt: { at: received.at, failure: undefined } });
  }

  recordFailure(host: HostName, failure: string, at: Millis): void {
    const state = this.#states.get(host);
    if (state !== undefined) this.#states.set(host, { ...state, attempt: { at, failure } });
  }

  /** Forgets hosts that are no longer asked, or are asked in another way. */
  keep(hosts: readonly KnownHost[], now: Millis): void {
    const ways = new Map(hosts.map(({ name, report }) => [name, report]));
    for (const [host, state] of this.#states) if (ways.get(host) !== state.way) this.#states.delete(host);
    for (const [host, way] of ways) {
      if (way === undefined || this.#states.has(host)) continue;
      this.#states.set(host, { way, since: now, last: undefined, attempt: undefined, logRead: undefined });
    }
  }

  /** @param limit milliseconds after which a report is no longer believed */
  snapshot(host: HostName, now: Millis, limit: Millis): ReportSnapshot | undefined {
    const state = this.#states.get(host);
    if (state === undefined) return undefined;
    const { last, logRead } = state;
    const fresh = last !== undefined && last.asOf > now - limit ? last.report : undefined;
    return { ...standing(state, fresh, now, limit), fresh, last: last?.report, logRead };
  }
}

/** A report that was made earlier and came later (out of a spool) does not take the place of a newer one. */
function isNewer({ report, asOf }: ReceivedReport, last: ReceivedReport | undefined): boolean {
  // One that is dated after its arrival says that the host's clock was wrong, and not that it is the newest.
  return last === undefined || report.time >= last.report.time || asOf > last.at;
}

/** One that was made earlier and came later is no newer reading. */
function newestReading(known: Millis | undefined, { report, asOf }: ReceivedReport): Millis | undefined {
  const saysSo = report.logs?.some(({ channel }) => channel.toLowerCase() === REQUESTS_LOG.toLowerCase()) === true;
  return saysSo ? millis(Math.max(known ?? asOf, asOf)) : known;
}

function standing(
  { way, since, last, attempt }: ReportState,
  fresh: HostReport | undefined,
  now: Millis,
  limit: Millis,
): Pick<ReportSnapshot, 'up' | 'failure'> {
  if (way === 'push' && (attempt === undefined || attempt.at <= now - limit)) {
    if ((attempt?.at ?? since) > now - limit) return { up: undefined, failure: undefined };
    return down(`no report has been pushed for ${formatDuration(limit)}: check the scheduled task on the host`);
  }
  if (attempt === undefined || attempt.at <= now - limit) return { up: undefined, failure: undefined };
  if (attempt.failure !== undefined) return down(attempt.failure);
  if (fresh !== undefined || last === undefined) return { up: true, failure: undefined };
  return down(`its newest report is dated ${new Date(last.report.time).toISOString()}: correct the clock of the host`);
}

function down(failure: string): Pick<ReportSnapshot, 'up' | 'failure'> {
  return { up: false, failure };
}
