import { err, ok, type Result } from '../../kernel/result.ts';
import { type Millis, millis, SECOND_MS } from '../../kernel/time.ts';

/** Seconds that the way back to Prometheus may take, as blackbox_exporter has it. */
const OFFSET = 0.5;

/**
 * Reads `X-Prometheus-Scrape-Timeout-Seconds`.
 * @returns milliseconds for the probe: what Prometheus waits, less half a second, or half of it when it waits less than
 * one; undefined without the header; or what is wrong with it
 */
export function readScrapeTimeout(header: string | readonly string[] | undefined): Result<Millis | undefined, string> {
  if (header === undefined) return ok(undefined);
  const seconds = typeof header === 'string' && /^\d{1,9}(?:\.\d{1,18})?$/.test(header) ? Number(header) : 0;
  if (seconds <= 0) return err('X-Prometheus-Scrape-Timeout-Seconds must be a number of seconds above 0');
  return ok(millis(SECOND_MS * Math.max(seconds - OFFSET, seconds / 2)));
}
