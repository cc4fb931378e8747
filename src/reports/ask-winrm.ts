import type { Clock } from '../kernel/clock.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { DAY_MS, type Millis, millis } from '../kernel/time.ts';
import type { NamedProduct } from '../products/product.ts';
import type { WinrmClient } from '../winrm/client.ts';
import type { WinrmFailure, WmiObject } from '../winrm/types.ts';
import { readReport } from './read-report.ts';
import { readReportTime } from './report-time.ts';
import type { HostReport, ReportFailure } from './types.ts';
import { PRODUCT_WQL, SERVICE_WQL, SYSTEM_WQL } from './winrm-queries.ts';

export interface AskWinrmOptions {
  readonly client: Pick<WinrmClient, 'enumerate'>;
  readonly configured: ReadonlyMap<string, NamedProduct>;
  /** Milliseconds for all of it. */
  readonly timeout: Millis;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Products with a key in one host are a handful; with hundreds, something else answers. */
const MAX_ROWS = 1_000;

/** A clock that is a day off says nothing of when a report was made. */

/** Asks a host about itself over WinRM: three queries, one after the other, within one deadline. */
export async function askWinrm(options: AskWinrmOptions): Promise<Result<HostReport, ReportFailure>> {
  const { client, timeout, clock, signal, configured } = options;
  const end = clock.monotonic() + timeout;
  const ask = (wql: string): Promise<Result<readonly WmiObject[], WinrmFailure>> =>
    client.enumerate({ wql, maxItems: MAX_ROWS, timeout: millis(Math.max(1, end - clock.monotonic())), signal });
  const service = await ask(SERVICE_WQL);
  if (!service.ok) return err(failureOf(service.error));
  const products = await ask(PRODUCT_WQL);
  if (!products.ok) return err(failureOf(products.error));
  // The name of the system is worth a question, and its refusal not the report.
  const system = await ask(SYSTEM_WQL);
  const [about] = system.ok ? system.value : [];
  const report = readReport(
    {
      time: new Date(timeOf(about, clock.now())).toISOString(),
      service: service.value[0] ?? null,
      products: products.value,
      os: about?.['Caption'] ?? null,
    },
    configured,
  );
  return report.ok ? ok(report.value) : err({ reason: 'unreadable', text: `the report of the host: ${report.error}` });
}

/** The host's own clock, as its log has it, where it can be believed. */
function timeOf(system: WmiObject | undefined, now: number): number {
  const time = readReportTime(system?.['LocalDateTime']);
  return time.ok && Math.abs(time.value - now) < DAY_MS ? time.value : now;
}

function failureOf({ reason, text }: WinrmFailure): ReportFailure {
  return { reason: reason === 'aborted' || reason === 'timeout' ? reason : 'failed', text };
}
