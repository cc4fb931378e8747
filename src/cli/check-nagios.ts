import type { NamedFinding } from '../conditions/condition.ts';
import { byCause } from '../conditions/explained.ts';
import type { EndpointSnapshot } from '../estate/snapshot.ts';
import { formatHostPort } from '../kernel/address.ts';
import type { Report } from './check-status.ts';

/** Many a monitoring system cuts a line at a kilobyte, and the performance data with it. */
const MOST_TEXTS = 4;

/** One line as the monitoring plugins' guidelines have it: status, text, `|`, performance data. */
export function formatNagios({ estate, findings, status }: Report): string {
  const causes = byCause(findings).map(({ head }) => head);
  const more = causes.length > MOST_TEXTS ? [`and ${causes.length - MOST_TEXTS} more`] : [];
  const texts = [status.summary, ...causes.slice(0, MOST_TEXTS).map(textOf), ...more].map(withoutBar);
  const data = [
    ...(estate.hostCount === undefined ? [] : [`hosts=${estate.hostCount};;;0`]),
    ...(estate.hostsUp === undefined ? [] : [`hosts_up=${estate.hostsUp};;;0;${estate.hostCount}`]),
    ...(estate.hostsUnknown === undefined ? [] : [`hosts_unknown=${estate.hostsUnknown};;;0;${estate.hostCount}`]),
    ...estate.endpoints.flatMap(timeOf),
  ];
  return `KMS ${status.status} - ${texts.join('; ')} | ${data.join(' ')}\n`;
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
