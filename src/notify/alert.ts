import { createHash } from 'node:crypto';
import type { OpenCondition } from '../conditions/condition.ts';
import { faultOf, summariesOf } from '../conditions/explained.ts';
import type { Millis } from '../kernel/time.ts';

/** What a receiver hears of one condition. Its labels are its identity, as in Alertmanager. */
export interface Alert {
  /** 16 hexadecimal digits of the labels, as in Alertmanager's webhooks. */
  readonly fingerprint: string;
  /** `alertname`, `severity` and the subject. */
  readonly labels: Readonly<Record<string, string>>;
  /** What is wrong, and what to do. */
  readonly summary: string;
  readonly remedy: string;
  /** The path of its runbook below the agent's address. */
  readonly runbook: string;
  /** When it began to hold, milliseconds since the epoch. */
  readonly startsAt: Millis;
  /** Undefined while it fires. */
  readonly endsAt: Millis | undefined;
}

export function alertOf(condition: OpenCondition): Alert {
  const labels = { alertname: condition.name, severity: condition.severity, ...condition.subject };
  const { summary, remedy, runbook, since } = condition;
  return { fingerprint: fingerprintOf(labels), labels, summary, remedy, runbook, startsAt: since, endsAt: undefined };
}

export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

export function isResolved(alert: Alert): boolean {
  return alert.endsAt !== undefined;
}

/** Labels that all of them share with the same value. */
export function commonLabels(alerts: readonly Alert[]): Record<string, string> {
  const [first, ...rest] = alerts;
  const entries = Object.entries(first?.labels ?? {});
  return Object.fromEntries(entries.filter(([name, value]) => rest.every(({ labels }) => labels[name] === value)));
}

/** Labels in which the alerts of one fault differ. */
const DIFFERING = ['domain', 'class', 'pool'] as const;

/** One for each fault: what is the same in several domains of a host, or for several classes, is sent once, with all. */
export function onePerFault(alerts: readonly Alert[]): readonly Alert[] {
  const key = (alert: Alert): string => {
    const { alertname = '', severity = '' } = alert.labels;
    return `${faultOf({ name: alertname, severity, subject: subjectOf(alert) })} ${alert.endsAt === undefined}`;
  };
  return [...Map.groupBy(alerts, key).values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined || all.length === 1) return all;
    const several = DIFFERING.flatMap((name) => {
      const values = new Set(all.flatMap(({ labels }) => labels[name] ?? []));
      return values.size > 1 ? [[name, [...values].join(', ')]] : [];
    });
    const summary = summariesOf(all.map((alert) => ({ summary: alert.summary, subject: subjectOf(alert) }))).join('; ');
    return [{ ...first, summary, labels: { ...first.labels, ...Object.fromEntries(several) } }];
  });
}

function subjectOf({ labels: { alertname: _name, severity: _severity, ...subject } }: Alert): Record<string, string> {
  return subject;
}

/** The order in which a person should read them: firing before resolved, critical first, then the oldest. */
export function byUrgency(alerts: readonly Alert[]): readonly Alert[] {
  const rank = (alert: Alert): number => (isResolved(alert) ? 2 : alert.labels['severity'] === 'critical' ? 0 : 1);
  return [...alerts].sort((a, b) => rank(a) - rank(b) || a.startsAt - b.startsAt);
}

/** Where an alert is, in a few words: `host kms01.corp.example, port 1688`. */
export function subjectText({ labels }: Alert): string {
  return Object.entries(labels)
    .filter(([name]) => name !== 'alertname' && name !== 'severity')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
