import type { Condition } from './condition.ts';

/** The description of an alert. */
export function descriptionOf({ meaning, remedy }: Pick<Condition, 'meaning' | 'remedy'>): string {
  return `${meaning} ${remedy}`;
}

/** A template whose labels are those of a subject. Prometheus fills in its own. */
export function fillIn(template: string, subject: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{ \$labels\.(\w+) \}\}/g, (whole, label) => subject[label] ?? whole);
}
