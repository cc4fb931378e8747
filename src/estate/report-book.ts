import { formatDuration } from '../kernel/duration.ts';
import type { HostName } from '../kernel/host-name.ts';
import { type HostReport, REQUESTS_LOG } from '../reports/types.ts';
import type { KnownHost, ReportWay } from './settings.ts';
import type { ReportView } from './view.ts';

/** A report that has come in. Times are milliseconds since the epoch. */
export interface TakenReport {
  readonly host: HostName;
  readonly report: HostReport;
  readonly at: number;
  /** The moment of the agent's clock that the report speaks of: not after `at`. */
  readonly asOf: number;
}

interface Page {
  readonly way: ReportWay;
  /** From when on pushes are waited for. */
  readonly since: number;
  readonly last: TakenReport | undefined;
  /** When it was last tried, or a push came. */
  readonly attempt: { readonly at: number; readonly failure: string | undefined } | undefined;
  /** As of when the log of requests was last said to be read. */
  readonly logRead: number | undefined;
}

/** What each host said of itself last, and whether it still does. */
export class ReportBook {
  readonly #pages = new Map<HostName, Page>();

  has(host: HostName): boolean {
    return this.#pages.has(host);
  }

  take(taken: TakenReport): void {
    const page = this.#pages.get(taken.host);
    if (page === undefined) return;
    const last = isNewer(taken, page.last) ? taken : page.last;
    const logRead = newestReading(page.logRead, taken);
    this.#pages.set(taken.host, { ...page, last, logRead, attempt: { at: taken.at, failure: undefined } });
  }

  takeFailure(host: HostName, failure: string, at: number): void {
    const page = this.#pages.get(host);
    if (page !== undefined) this.#pages.set(host, { ...page, attempt: { at, failure } });
  }

  /** Forgets hosts that are no longer asked, or are asked in another way. */
  keep(hosts: readonly KnownHost[], now: number): void {
    const ways = new Map(hosts.map(({ name, report }) => [name, report]));
    for (const [host, page] of this.#pages) if (ways.get(host) !== page.way) this.#pages.delete(host);
    for (const [host, way] of ways) {
      if (way === undefined || this.#pages.has(host)) continue;
      this.#pages.set(host, { way, since: now, last: undefined, attempt: undefined, logRead: undefined });
    }
  }

  /** @param limit milliseconds after which a report is no longer believed */
  view(host: HostName, now: number, limit: number): ReportView | undefined {
    const page = this.#pages.get(host);
    if (page === undefined) return undefined;
    const { last, logRead } = page;
    const fresh = last !== undefined && last.asOf > now - limit ? last.report : undefined;
    return { ...standing(page, fresh, now, limit), fresh, last: last?.report, logRead };
  }
}

/** A report that was made earlier and came later (out of a spool) does not take the place of a newer one. */
function isNewer({ report, asOf }: TakenReport, last: TakenReport | undefined): boolean {
  // One that is dated after its arrival says that the host's clock was wrong, and not that it is the newest.
  return last === undefined || report.time >= last.report.time || asOf > last.at;
}

/** One that was made earlier and came later is no newer reading. */
function newestReading(known: number | undefined, { report, asOf }: TakenReport): number | undefined {
  const saysSo = report.logs?.some(({ channel }) => channel.toLowerCase() === REQUESTS_LOG.toLowerCase()) === true;
  return saysSo ? Math.max(known ?? asOf, asOf) : known;
}

function standing(
  { way, since, last, attempt }: Page,
  fresh: HostReport | undefined,
  now: number,
  limit: number,
): Pick<ReportView, 'up' | 'failure'> {
  if (way === 'push' && (attempt === undefined || attempt.at <= now - limit)) {
    if ((attempt?.at ?? since) > now - limit) return { up: undefined, failure: undefined };
    return down(`no report has been pushed for ${formatDuration(limit)}: look at the task on the host that sends it`);
  }
  if (attempt === undefined || attempt.at <= now - limit) return { up: undefined, failure: undefined };
  if (attempt.failure !== undefined) return down(attempt.failure);
  if (fresh !== undefined || last === undefined) return { up: true, failure: undefined };
  return down(`its newest report is of ${new Date(last.report.time).toISOString()}: set the clock of the host right`);
}

function down(failure: string): Pick<ReportView, 'up' | 'failure'> {
  return { up: false, failure };
}
