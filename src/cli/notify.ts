import { hostname } from 'node:os';
import { linksOf } from '../agent/external-url.ts';
import { formatListenAddress } from '../config/listen-address.ts';
import type { Config } from '../config/schema.ts';
import { loadWebSettings } from '../config/web-file/web-settings.ts';
import { systemClock } from '../kernel/clock.ts';
import { millis } from '../kernel/time.ts';
import type { Links } from '../notify/links.ts';
import { post } from '../notify/post.ts';
import { createReceivers, type Receiver } from '../notify/receiver.ts';
import { testAlert } from '../notify/test-alert.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import { loadConfiguration } from './load-config.ts';
import type { Terminal } from './terminal.ts';

export const notifyCommand: AddCommand = (program, terminal, done) => {
  program
    .command('notify')
    .description('work with notifications of the agent')
    .command('test')
    .description('send one firing and one resolved notification to every configured receiver')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .action(async ({ config }: { config?: string }) => done(await notifyTest(config, terminal)));
};

async function notifyTest(file: string | undefined, terminal: Terminal): Promise<number> {
  const loaded = await loadConfiguration(file);
  if (!loaded.ok) {
    terminal.error(`${loaded.error}\n`);
    return EXIT.badUsage;
  }
  const { config } = loaded.value;
  const receivers = createReceivers(config.notify, post, await configuredLinks(config));
  if (receivers.length === 0) {
    terminal.error('there is no receiver: add one under notify in the configuration\n');
    return EXIT.failed;
  }
  const results = await Promise.all(receivers.map((receiver) => tell(receiver, terminal)));
  return results.every(Boolean) ? EXIT.ok : EXIT.failed;
}

async function configuredLinks({ web }: Config): Promise<Links> {
  const addresses = web.listen.map(formatListenAddress);
  const file = web.config_file === undefined ? undefined : await loadWebSettings(web.config_file, web.pages);
  // What cannot be read here is most likely a key that only the agent's user may read.
  const isPlain = file === undefined || (file.ok && file.value.settings.tls === undefined);
  return linksOf({ web }, { addresses, scheme: isPlain ? 'http' : 'https' });
}

/** The firing one first, as nothing can end that has not begun. */
async function tell(receiver: Receiver, terminal: Terminal): Promise<boolean> {
  const { signal } = new AbortController();
  const began = systemClock.now();
  const firing = testAlert(began, hostname());
  const states = [firing, { ...firing, endsAt: millis(began + 1) }];
  for (const alert of states) {
    const delivered = await receiver.deliver([alert], { now: systemClock.now(), isInDoubt: false, signal });
    if (!delivered.ok) {
      terminal.out(`${receiver.name}: FAILED: ${delivered.error.text}\n`);
      return false;
    }
  }
  terminal.out(`${receiver.name}: one firing and one resolved notification sent\n`);
  return true;
}
