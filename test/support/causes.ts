import type { ReceivedAlert } from '../peers/webhook.ts';

/** A fault of an estate, and the alert that is its cause. */
export interface Fault {
  readonly fault: string;
  readonly alert: string;
  /** Labels that the alert has; it may have more. */
  readonly about: Readonly<Record<string, string>>;
}

/** Of several messages, those that tell of this fault. */
export function aboutFault<T extends Pick<ReceivedAlert, 'labels'>>(
  alerts: readonly T[],
  fault: Omit<Fault, 'fault'>,
): readonly T[] {
  const wanted = { alertname: fault.alert, ...fault.about };
  return alerts.filter(({ labels }) => Object.entries(wanted).every(([name, value]) => labels[name] === value));
}

/**
 * What was reported of the estate, once for each alert; whatever a busy machine makes the agent say of itself
 * is another matter.
 */
export function toldOf(received: readonly ReceivedAlert[]): readonly ReceivedAlert[] {
  const firing = received.filter(
    ({ status, labels }) => status === 'firing' && !labels['alertname']?.startsWith('Kmswatch'),
  );
  return [...Map.groupBy(firing, ({ labels }) => JSON.stringify(labels)).values()].flatMap(([first]) => first ?? []);
}

/** Of these, what has not ended since. */
export function stillTold(received: readonly ReceivedAlert[]): readonly ReceivedAlert[] {
  const last = new Map(received.map(({ labels, status }) => [JSON.stringify(labels), status]));
  return toldOf(received).filter(({ labels }) => last.get(JSON.stringify(labels)) === 'firing');
}

/** The causes at the top of the status page, as they are in its HTML. */
export function causesOnPage(page: string): readonly string[] {
  return [...page.matchAll(/<li class="with-meta [^"]*"><h3>(.*?)<\/h3>/g)].map(([, summary = '']) => textOf(summary));
}

/**
 * The words of messages, a paragraph for each fault. `steady` takes out what changes from run to run, before the
 * messages of a fault are put in order.
 */
export function wordsOf(
  faults: readonly Fault[],
  told: Readonly<Record<string, readonly ReceivedAlert[]>>,
  steady: (text: string) => string = (text) => text,
): string {
  return faults
    .map((fault) => {
      const ways = Object.entries(told).map(([way, alerts]) => {
        const texts = aboutFault(alerts, fault).map(({ annotations }) =>
          steady(`    ${annotations['summary']}\n    ${annotations['description']}\n`),
        );
        return `  ${way}\n${texts.toSorted().join('')}`;
      });
      return `${fault.fault}\n${ways.join('')}`;
    })
    .join('\n');
}

function textOf(inner: string): string {
  return inner
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
