import { type Html, html } from '../../html.ts';
import { calendarPart } from './calendar.ts';
import { conditionsPart } from './conditions-part.ts';
import { dnsPart } from './dns-part.ts';
import { hostsPart } from './hosts-part.ts';
import { leasesPart } from './leases-part.ts';
import type { StatusFacts } from './status-snapshot.ts';
import { thresholdsPart } from './thresholds-part.ts';
import { verdict } from './verdict.ts';

/** The answer first, the evidence below it. */
export function statusMain(facts: StatusFacts): Html {
  return html`${verdict(facts)}
${conditionsPart(facts)}
${hostsPart(facts)}
${thresholdsPart(facts)}
${leasesPart(facts)}
${calendarPart(facts)}
${dnsPart(facts)}`;
}
