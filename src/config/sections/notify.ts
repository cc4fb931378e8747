import { z } from 'zod';
import { expectsCollection, list, section } from '../expect.ts';
import { parseProxyUrl, parseWebhookUrl } from '../parse-url.ts';
import { atMostOne, BESIDE, bothOrNone, exactlyOne, noRepeatedItems } from '../rules.ts';
import { secretText } from '../secrets.ts';
import { filePath, oneOf, plainText, url } from '../values.ts';

/** The address of a webhook lets everyone who knows it post: it is a secret, and may have a password in it. */
const Webhook = section({
  url: secretText('a URL', parseWebhookUrl).optional(),
  url_file: filePath().optional(),
  /** `generic` is the body that Alertmanager sends to webhooks. */
  format: oneOf(['generic', 'slack', 'teams']).default('generic'),
}).superRefine(exactlyOne('url', 'url_file'), BESIDE);

/** The path of its API comes behind it. */
const AddressOfAlertmanager = url(['https', 'http']).refine((text) => !/\/api\/v\d/.test(text), {
  error: 'must not have the path of the API: write the address alone, such as http://am1:9093',
});

const Alertmanager = section({
  urls: list(AddressOfAlertmanager, 'URLs')
    .min(1, { error: 'lists no Alertmanager: expected at least one URL' })
    .superRefine(noRepeatedItems('the URL'), BESIDE),
});

/** As Prometheus has it. The agent's own labels say what is wrong and where. */
const labelName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'a label has letters, digits and _ only' })
  .refine((name) => name !== 'alertname' && name !== 'severity', { error: "this label is the alert's own" });

const Labels = z.record(labelName, plainText('the value of a label', 200), {
  error: (issue) =>
    issue.code === 'invalid_key' ? issue.issues[0]?.message : expectsCollection('names and values')(issue),
});

export const NotifySection = list(
  section({
    webhook: Webhook.optional(),
    alertmanager: Alertmanager.optional(),
    /** Labels that go with every alert: `{site: hq}`. */
    labels: Labels.optional(),
    /** The proxy on the way, which may have a password in it. Undefined: as HTTPS_PROXY and NO_PROXY say. */
    proxy_url: secretText('a URL', parseProxyUrl).optional(),
    proxy_url_file: filePath().optional(),
    /** PEM file of the authorities that sign the receiver's certificate; undefined: those of Node. */
    ca_file: filePath().optional(),
    /** PEM files of the certificate that the agent shows. */
    cert_file: filePath().optional(),
    key_file: filePath().optional(),
    bearer_token: secretText('a token').optional(),
    bearer_token_file: filePath().optional(),
  })
    .superRefine(exactlyOne('webhook', 'alertmanager'), BESIDE)
    .superRefine(atMostOne('proxy_url', 'proxy_url_file'), BESIDE)
    .superRefine(atMostOne('bearer_token', 'bearer_token_file'), BESIDE)
    .superRefine(bothOrNone('cert_file', 'key_file'), BESIDE),
  'receivers',
).prefault([]);
