import type { OpenCondition } from '../../../conditions/condition.ts';
import { byCause } from '../../../conditions/explained.ts';
import { hostsReading } from '../../../estate/log-reading.ts';
import { watchedCount } from '../../../estate/watched.ts';
import { inSeconds } from '../../../kernel/time.ts';
import { counted } from '../../../kernel/words.ts';
import { type Html, html } from '../../html.ts';
import { stillReading } from '../still-reading.ts';
import { fullTime } from '../times.ts';
import type { StatusSnapshot } from './status-snapshot.ts';

const MARKS = {
  ok: html`<path d="M15 24.5l6.5 6.5L34 18"/>`,
  warn: html`<path d="M24 14v13M24 33.5v.5"/>`,
  bad: html`<path d="M17 17l14 14M31 17L17 31"/>`,
} as const;

/** Whether all is well: one sentence, and what it rests on. */
export function verdict(snapshot: StatusSnapshot): Html {
  const { tone, title } = verdictOf(snapshot);
  return html`<div class="hero ${tone}"><svg class="mark" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="21"/>${MARKS[tone]}</svg>
<div><h1>${title}</h1><p>${basisOf(snapshot)} As of ${fullTime(inSeconds(snapshot.estate.at), snapshot.now)}.</p>${stillReading(hostsReading(snapshot.logs), snapshot.now)}</div></div>`;
}

/** The sentence alone; what follows from a cause does not count. */
export function verdictOf({ isReady, estate, logs, conditions: all }: StatusSnapshot): {
  tone: keyof typeof MARKS;
  title: string;
} {
  const conditions = byCause(all).map(({ head }) => head);
  const firing = conditions.filter((condition) => condition.firing);
  const critical = firing.filter(({ severity }) => severity === 'critical').length;
  const warnings = firing.length - critical;
  const pending = conditions.length - firing.length;
  const ahead = conditions.filter((condition) => !condition.firing && condition.severity === 'critical').length;
  if (critical > 0) return { tone: 'bad', title: joined(counted(critical, 'critical problem'), warned(warnings)) };
  if (ahead > 0)
    return { tone: 'warn', title: joined(`${counted(ahead, 'critical problem')} pending`, warned(warnings)) };
  if (warnings > 0) return { tone: 'warn', title: `Nothing critical, ${counted(warnings, 'warning')}` };
  if (hostsReading(logs).size > 0) return { tone: 'warn', title: 'Still reading the logs' };
  if (watchedCount(estate, logs) === 0) return { tone: 'warn', title: 'Nothing is watched' };
  if (!isReady) return { tone: 'warn', title: 'The first check is still running' };
  if (pending > 0) return { tone: 'warn', title: `${counted(pending, 'warning')} pending` };
  return { tone: 'ok', title: 'All is well' };
}

function warned(warnings: number): string {
  return warnings === 0 ? '' : counted(warnings, 'warning');
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

function basisOf({ estate, logs, isReady }: StatusSnapshot): Html {
  const { hostCount, hostsUp, hostsUnknown, domains } = estate;
  const leases = (logs.aggregates?.classes ?? []).reduce((sum, { tally }) => sum + tally.leases, 0);
  const hosts =
    hostCount === undefined || hostsUp === undefined
      ? 'The number of hosts that are up is not known.'
      : `${hostsUp} of ${counted(hostCount, 'KMS host')} ${hostsUp === 1 ? 'is' : 'are'} up${(hostsUnknown ?? 0) > 0 ? `, and nothing is known of ${hostsUnknown}` : ''}.`;
  const watched = `${counted(domains.length, 'domain')} and ${leases.toLocaleString('en')} ${leases === 1 ? 'lease' : 'leases'} are watched.`;
  return html`${isReady ? '' : 'The data below is from the last run. '}${hosts} ${watched}`;
}

/** The critical first, and of these, and of the warnings, those first that have held long enough. */
export function inOrder(conditions: readonly OpenCondition[]): readonly OpenCondition[] {
  const rank = ({ firing, severity }: OpenCondition) => (severity === 'critical' ? 0 : 2) + (firing ? 0 : 1);
  return conditions.toSorted((a, b) => rank(a) - rank(b));
}
