import { list, section } from '../expect.ts';
import { BESIDE, exactlyOne, noRepeatedItems } from '../rules.ts';
import { secretText } from '../secrets.ts';
import { oneOf, parseUrl, plainText, url } from '../values.ts';

/** The address of a webhook lets everyone who knows it post: it is a secret, and may have a password in it. */
const Webhook = section({
  url: secretText('a URL', (text) => parseUrl(text, ['https', 'http'])).optional(),
  url_file: plainText('the path of a file').optional(),
  /** `generic` is the body that Alertmanager sends to webhooks. */
  format: oneOf(['generic', 'slack', 'teams']).default('generic'),
}).superRefine(exactlyOne('url', 'url_file'), BESIDE);

const Alertmanager = section({
  urls: list(url(['https', 'http']), 'URLs')
    .min(1, { error: 'lists no Alertmanager: expected at least one URL' })
    .superRefine(noRepeatedItems('the URL'), BESIDE),
});

export const NotifySection = list(
  section({
    webhook: Webhook.optional(),
    alertmanager: Alertmanager.optional(),
  }).superRefine(exactlyOne('webhook', 'alertmanager'), BESIDE),
  'receivers',
).prefault([]);
