import type { Verdict } from '../conditions/condition.ts';
import type { EndpointView } from '../estate/snapshot.ts';
import { formatHostPort } from '../kernel/address.ts';
import type { Report } from './check-status.ts';

/** Many a monitoring system cuts a line at a kilobyte, and the performance data with it. */
const MOST_TEXTS = 4;

/** One line as the monitoring plugins' guidelines have it: status, text, `|`, performance data. */
export function formatNagios({ view, verdicts, status }: Report): string {
  const more = verdicts.length > MOST_TEXTS ? [`and ${verdicts.length - MOST_TEXTS} more`] : [];
  const texts = [status.summary, ...verdicts.slice(0, MOST_TEXTS).map(textOf), ...more].map(withoutBar);
  const data = [
    `hosts=${view.hostCount};;;0`,
    ...(view.hostsUp === undefined ? [] : [`hosts_up=${view.hostsUp};;;0;${view.hostCount}`]),
    ...view.endpoints.flatMap(timeOf),
  ];
  return `KMS ${status.status} - ${texts.join('; ')} | ${data.join(' ')}\n`;
}

function textOf({ name, summary }: Verdict): string {
  return `${name}: ${summary}`;
}

/** A bar would begin the performance data. */
function withoutBar(text: string): string {
  return text.replace(/[|\r\n]/g, ' ');
}

function timeOf({ host, port, probe }: EndpointView): string[] {
  const { connect, bind } = probe?.phases ?? {};
  if (connect === undefined || bind === undefined) return [];
  return [`'${formatHostPort(host, port)}'=${(connect + bind).toFixed(6)}s;;;0`];
}
