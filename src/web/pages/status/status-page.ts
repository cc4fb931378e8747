import { type Html, html } from '../../html.ts';
import { calendarPart } from './calendar.ts';
import { conditionsPart } from './conditions-part.ts';
import { dnsPart } from './dns-part.ts';
import { failoverPart } from './failover-part.ts';
import { hostsPart } from './hosts-part.ts';
import { leasesPart } from './leases-part.ts';
import type { StatusSnapshot } from './status-snapshot.ts';
import { thresholdsPart } from './thresholds-part.ts';
import { verdict } from './verdict.ts';

/** The answer first, the evidence below it. */
export function statusMain(snapshot: StatusSnapshot): Html {
  return html`${verdict(snapshot)}
${conditionsPart(snapshot)}
${hostsPart(snapshot)}
${thresholdsPart(snapshot)}
${failoverPart(snapshot)}
${leasesPart(snapshot)}
${calendarPart(snapshot)}
${dnsPart(snapshot)}`;
}
