import type { NamedFinding } from '../conditions/condition.ts';
import { byCause } from '../conditions/explained.ts';
import type { EndpointSnapshot } from '../estate/snapshot.ts';
import { formatHostPort } from '../kernel/address.ts';
import type { Report } from './check-status.ts';
import type { Status } from './exit-codes.ts';

/** Many a monitoring system cuts a line at a kilobyte, and the performance data with it. */
const MOST_TEXTS = 4;

/** One line as the monitoring plugins' guidelines have it: status, text, `|`, performance data. */
export function formatNagios({ estate, findings, status }: Report): string {
  const causes = byCause(findings).map(({ head }) => textOf(head));
  const data = [
    ...(estate.hostCount === undefined ? [] : [`hosts=${estate.hostCount};;;0`]),
    ...(estate.hostsUp === undefined ? [] : [`hosts_up=${estate.hostsUp};;;0;${estate.hostCount}`]),
    ...(estate.hostsUnknown === undefined ? [] : [`hosts_unknown=${estate.hostsUnknown};;;0;${estate.hostCount}`]),
    ...estate.endpoints.flatMap(timeOf),
  ];
  return line(status.status, [status.summary, ...theFirst(causes)], data);
}

/** The same where nothing could be looked at. @param mistakes in the configuration, a line each */
export function formatUnchecked(mistakes: string): string {
  return line('UNKNOWN', theFirst(mistakes.split('\n')), []);
}

function line(status: Status, texts: readonly string[], data: readonly string[]): string {
  const text = `KMS ${status} - ${texts.map(withoutBar).join('; ')}`;
  return data.length === 0 ? `${text}\n` : `${text} | ${data.join(' ')}\n`;
}

function theFirst(texts: readonly string[]): readonly string[] {
  if (texts.length <= MOST_TEXTS) return texts;
  return [...texts.slice(0, MOST_TEXTS), `and ${texts.length - MOST_TEXTS} more`];
}

function textOf({ name, summary }: NamedFinding): string {
  return `${name}: ${summary}`;
}

/** A bar would begin the performance data. */
function withoutBar(text: string): string {
  return text.replace(/[|\r\n]/g, ' ');
}

function timeOf({ host, port, probe }: EndpointSnapshot): string[] {
  const { connect, bind } = probe?.phases ?? {};
  if (connect === undefined || bind === undefined) return [];
  return [`'${formatHostPort(host, port)}'=${(connect + bind).toFixed(6)}s;;;0`];
}
