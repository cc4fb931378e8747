import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { millis } from '../../src/kernel/time.ts';
import { alertOf } from '../../src/notify/alert.ts';
import { genericBody } from '../../src/notify/generic-body.ts';
import { Notifier } from '../../src/notify/notifier.ts';
import { post } from '../../src/notify/post.ts';
import { createReceivers } from '../../src/notify/receiver.ts';
import { answering, type HttpDouble, startHttpDouble } from '../doubles/http-double.ts';
import { type Alertmanager, startAlertmanager } from '../peers/alertmanager.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { runCommand } from '../support/command.ts';
import { openCondition } from '../support/conditions.ts';

const LINKS = { pages: 'http://agent.example:11688/' };
const NO_MEMORY = { load: async () => new Map(), save: async () => true, keep: async () => {} };

/** The names of all fields, with those of the first element of each list. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, shape(inner)]),
  );
}

describeWithPeers('Alertmanager', ['alertmanager'], () => {
  let hook: HttpDouble;
  let alertmanager: Alertmanager;

  beforeAll(async () => {
    hook = await startHttpDouble(answering(200));
    alertmanager = await startAlertmanager(`
route: {receiver: hook, group_wait: 0s, group_interval: 1s, group_by: [alertname]}
receivers: [{name: hook, webhook_configs: [{url: "${hook.url}/", send_resolved: true}]}]
`);
  });
  afterAll(async () => {
    await alertmanager?.stop();
    await hook?.close();
  });

  it('takes what fires and its end, and hands both on', async () => {
    const notifier = new Notifier({
      memory: NO_MEMORY,
      clock: systemClock,
      wallClock: { now: systemClock.now, isInDoubt: false },
      random: systemRandom,
      logger: silentLogger,
    });
    const url = `${alertmanager.url}/`;
    await notifier.configure(createReceivers([{ alertmanager: { urls: [url] } }], post, LINKS));
    const bodies = () => hook.requests.map(({ body }) => JSON.parse(body));
    const condition = openCondition('kms01.example', { since: millis(Date.now() - 300_000) });
    await notifier.update([condition], millis(Date.now()));
    await expect.poll(bodies).toHaveLength(1);
    await notifier.update([], millis(Date.now()));
    await expect.poll(() => bodies().at(-1)?.status).toBe('resolved');
    await notifier.stop();
    const [first] = bodies();
    expect(first.alerts[0]).toMatchObject({
      status: 'firing',
      labels: { alertname: 'KmsHostDown', severity: 'warning', host: 'kms01.example', port: '1688' },
      annotations: {
        summary: condition.summary,
        description: condition.remedy,
        runbook_url: `${LINKS.pages}runbooks/KmsHostDown`,
      },
      startsAt: new Date(condition.since).toISOString().replace(/\.?0*Z$/, 'Z'),
    });
    // Readers of Alertmanager's webhooks can read ours: the fields and their types are the same.
    const alert = alertOf(condition);
    const ours = genericBody([alert], 'webhook-1', LINKS);
    const { groupLabels, ...theirs } = first;
    expect(shape({ ...theirs, groupLabels: {} })).toEqual(shape(ours));
    expect(groupLabels).toEqual({ alertname: 'KmsHostDown' });
  });

  it('takes a test, as every other receiver', async () => {
    const folder = await temporaryFolder();
    const webhook = await startHttpDouble(answering(200, 'ok'));
    await folder.write('hook.url', `${webhook.url}/T0/SECRET\n`);
    const file = await folder.write(
      'kmswatch.yml',
      `notify:
  - webhook: {url_file: hook.url}
  - webhook: {url_file: hook.url, format: slack}
  - webhook: {url_file: hook.url, format: teams}
  - alertmanager: {urls: ["${alertmanager.url}"]}
`,
    );
    const { code, out } = await runCommand(['notify', 'test', '--config', file]);
    const sent = 'one firing and one resolved notification sent';
    expect(out.split('\n').sort()).toEqual(
      ['', `webhook-1: ${sent}`, `slack-2: ${sent}`, `teams-3: ${sent}`, `alertmanager-4: ${sent}`].sort(),
    );
    expect(code).toBe(0);
    expect(webhook.requests).toHaveLength(6);
    expect(new Set(webhook.requests.map(({ path }) => path))).toEqual(new Set(['/T0/SECRET']));
    await webhook.close();
    await folder.remove();
  });
});

describe('notify test', () => {
  it('says of each receiver what is wrong, without its address', async () => {
    const folder = await temporaryFolder();
    const file = await folder.write(
      'kmswatch.yml',
      `notify:
  - webhook: {url: "http://127.0.0.1:1/SECRET"}
  - webhook: {url_file: missing.url}
  - alertmanager: {urls: ["http://127.0.0.1:1"]}
`,
    );
    const { code, out, error } = await runCommand(['notify', 'test', '--config', file]);
    expect(code).toBe(1);
    expect(out).toContain(
      'webhook-1: FAILED: nothing is listening on the port, or a firewall rejects the connection (ECONNREFUSED)\n',
    );
    expect(out).toMatch(/webhook-2: FAILED: cannot read the secret in .*missing\.url/);
    expect(out).toContain(
      'alertmanager-3: FAILED: nothing is listening on the port, or a firewall rejects the connection (ECONNREFUSED)\n',
    );
    expect(out + error).not.toContain('SECRET');
    await folder.remove();
  });

  it('says that there is nobody to tell', async () => {
    const folder = await temporaryFolder();
    const file = await folder.write('kmswatch.yml', 'notify: []\n');
    expect(await runCommand(['notify', 'test', '--config', file])).toMatchObject({
      code: 1,
      error: 'there is no receiver: add one under notify in the configuration\n',
    });
    await folder.remove();
  });
});
