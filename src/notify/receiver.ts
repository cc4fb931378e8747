import { createHash } from 'node:crypto';
import type { Config } from '../config/schema.ts';
import { type SecretSource, secretSource } from '../config/secrets.ts';
import { err, ok } from '../kernel/result.ts';
import { type Alert, fingerprintOf } from './alert.ts';
import { alertmanagerBody, MAX_ALERTMANAGER, RESEND_AFTER } from './alertmanager-body.ts';
import { connectionOf, openConnection } from './connection.ts';
import { genericBody, MAX_GENERIC } from './generic-body.ts';
import type { Links } from './links.ts';
import type { Delivered, Post } from './post.ts';
import { slackBody } from './slack-body.ts';
import { teamsBody } from './teams-body.ts';
import type { WallTime } from './wall-time.ts';

export interface DeliveryContext extends WallTime {
  readonly signal: AbortSignal;
}

/** One entry of `notify`. */
export interface Receiver {
  /** Its identity over reloads and restarts; has no secret in it. */
  readonly key: string;
  /** As metrics and logs call it: its kind, and its place in the configuration from 1. */
  readonly name: string;
  /** Alerts of one message. */
  readonly max: number;
  /** Milliseconds after which alerts that still fire are sent again; undefined: never. */
  readonly resendAfter: number | undefined;
  deliver(alerts: readonly Alert[], context: DeliveryContext): Promise<Delivered>;
}

type Notify = Config['notify'][number];
type Webhook = NonNullable<Notify['webhook']>;
type Format = Webhook['format'];

/** A message in words names the first of them and counts the rest, and so takes any number. */
const ANY_NUMBER = Number.MAX_SAFE_INTEGER;

const MAX: Readonly<Record<Format, number>> = { generic: MAX_GENERIC, slack: ANY_NUMBER, teams: ANY_NUMBER };

export function createReceivers(notify: Config['notify'], post: Post, links: Links): readonly Receiver[] {
  const receivers = notify.flatMap((entry, index) => {
    const connection = connectionOf(entry);
    // The first delivery may be weeks away: its files are known from now on, in case they cannot be read then.
    void openConnection(connection);
    const by: Post = (url, body, options) => post(url, body, { ...options, connection });
    const one = createReceiver(entry, index + 1, by, links);
    return one === undefined ? [] : [withLabels(one, entry.labels ?? {})];
  });
  // A receiver that is configured twice gets each message twice.
  const uses = new Map<string, number>();
  return receivers.map((receiver) => {
    const use = (uses.get(receiver.key) ?? 0) + 1;
    uses.set(receiver.key, use);
    return use === 1 ? receiver : { ...receiver, key: `${receiver.key}#${use}` };
  });
}

/** The same with its own labels on each alert; those of the alert stay, as with Prometheus' external_labels. */
function withLabels(receiver: Receiver, labels: Readonly<Record<string, string>>): Receiver {
  if (Object.keys(labels).length === 0) return receiver;
  const labelled = (alert: Alert): Alert => {
    const all = { ...labels, ...alert.labels };
    return { ...alert, labels: all, fingerprint: fingerprintOf(all) };
  };
  return { ...receiver, deliver: (alerts, context) => receiver.deliver(alerts.map(labelled), context) };
}

function createReceiver(
  { webhook, alertmanager }: Notify,
  place: number,
  post: Post,
  links: Links,
): Receiver | undefined {
  if (webhook !== undefined) return webhookReceiver(webhook, place, post, links);
  return alertmanager === undefined ? undefined : alertmanagerReceiver(alertmanager.urls, place, post, links);
}

function webhookReceiver(webhook: Webhook, place: number, post: Post, links: Links): Receiver | undefined {
  const { url, url_file: file, format } = webhook;
  const source = secretSource(url, file);
  if (source === undefined) return undefined;
  const name = `${format === 'generic' ? 'webhook' : format}-${place}`;
  return {
    key: `${format}:${digest(file ?? url?.reveal() ?? '')}`,
    name,
    max: MAX[format],
    resendAfter: undefined,
    deliver: (alerts, { signal }) => toWebhook(source, bodyOf(format, alerts, name, links), post, signal),
  };
}

async function toWebhook(source: SecretSource, body: object, post: Post, signal: AbortSignal): Promise<Delivered> {
  const url = await source.read();
  if (!url.ok) return err({ text: url.error, retryAfter: undefined });
  return post(url.value.reveal().trim(), body, { signal });
}

function bodyOf(format: Format, alerts: readonly Alert[], name: string, links: Links): object {
  if (format === 'slack') return slackBody(alerts, links);
  return format === 'teams' ? teamsBody(alerts, links) : genericBody(alerts, name, links);
}

function alertmanagerReceiver(urls: readonly string[], place: number, post: Post, links: Links): Receiver {
  return {
    key: `alertmanager:${digest([...urls].sort().join(' '))}`,
    name: `alertmanager-${place}`,
    max: MAX_ALERTMANAGER,
    resendAfter: RESEND_AFTER,
    async deliver(alerts, { signal, ...time }) {
      const body = alertmanagerBody(alerts, time, links);
      // Every member of a cluster gets each alert, as from Prometheus; the members share their state.
      const answers = await Promise.all(urls.map((url) => post(alertsUrl(url), body, { signal })));
      return answers.some((answer) => answer.ok) ? ok(undefined) : (answers[0] ?? ok(undefined));
    },
  };
}

function alertsUrl(url: string): string {
  return `${url.replace(/\/+$/, '')}/api/v2/alerts`;
}

/** Of a secret or a path: the database shows only whether it is the same one. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
