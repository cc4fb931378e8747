import { err, ok, type Result } from '../kernel/result.ts';
import type { Millis } from '../kernel/time.ts';
import type { NamedProduct } from '../products/product.ts';
import { MAX_REPORT_OCTETS, parseReport } from './parse-report.ts';
import { runCommand } from './run-command.ts';
import type { HostReport, ReportFailure } from './types.ts';

export interface AskCommandOptions {
  readonly argv: readonly string[];
  readonly configured: ReadonlyMap<string, NamedProduct>;
  /** Milliseconds. */
  readonly timeout: Millis;
  /** Takes what must not be seen out of its standard error. */
  readonly redact: (text: string) => Promise<string>;
  readonly signal: AbortSignal;
}

/** Has a command ask the host about itself: its output is the report. */
export async function askCommand(options: AskCommandOptions): Promise<Result<HostReport, ReportFailure>> {
  const { argv, configured, timeout, redact, signal } = options;
  const output = await runCommand(argv, { timeout, limit: MAX_REPORT_OCTETS, redact, signal });
  if (!output.ok) return output;
  const report = parseReport(output.value, configured);
  if (report.ok) return ok(report.value);
  return err({ reason: 'unreadable', text: `the output of the command ${argv[0] ?? ''}: ${report.error}` });
}
