import { styleText } from 'node:util';
import type { Config } from '../config/schema.ts';
import { explainClient } from '../explain/explain-client.ts';
import { underKnownName } from '../explain/explain-unseen.ts';
import { explanationText } from '../explain/explanation-text.ts';
import { machineSentences } from '../explain/machine-verdict.ts';
import { similarNames } from '../explain/similar-names.ts';
import { plainName } from '../inventory/name.ts';
import { millis, wholeSeconds } from '../kernel/time.ts';
import { leaseSettings } from '../leases/settings.ts';
import type { ClientStory } from '../leases/story.ts';
import type { StoreAccess } from '../store/store-types.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { withStore } from './with-store.ts';

/** Names that are suggested for an unknown one. */
const SIMILAR = 5;

export const explainCommand: AddCommand = (program, terminal, done) => {
  program
    .command('explain')
    .description('explain why a machine is or is not activated, when it lapses, and what to do')
    .argument('<client>', 'the name of the machine, bare or full')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .action(async (client: string, options: { config?: string }) => {
      if (client.trim() === '') {
        terminal.error('give the name of a machine: kmswatch explain NAME\n');
        done(EXIT.badUsage);
        return;
      }
      done(
        await withStore(options.config, terminal, (store, config) =>
          explain(store, config, plainName(client.trim()), terminal),
        ),
      );
    });
};

async function explain(store: StoreAccess, config: Config, client: string, terminal: Terminal): Promise<number> {
  const told = await store.explain(client);
  if (!told.ok) {
    terminal.error(`${told.error.text}\n`);
    return EXIT.failed;
  }
  const now = wholeSeconds(millis(Date.now()));
  const found = await store.machines({ name: client, limit: 1 });
  const machine = found.ok ? found.value.machines[0] : undefined;
  const story = underKnownName(withSurroundings(told.value, config), machine?.machine);
  const explanation = explainClient(story, leaseSettings(config.leases), now);
  // The verdict on it rests on the same part of a log.
  if (machine !== undefined && explanation.isPart === undefined)
    terminal.out(`${machine.machine}\n${machineSentences(machine, explanation.actions).join('\n')}\n\n`);
  terminal.out(explanationText(explanation, terminal.color ? paint : undefined));
  return told.value.kind === 'seen' || machine !== undefined ? EXIT.ok : EXIT.failed;
}

/** The domains that are looked up, which the store does not know. */
function withSurroundings(story: ClientStory, config: Config): ClientStory {
  if (story.kind === 'seen') return story;
  const similar = similarNames(story.asked, story.similar, SIMILAR);
  return { ...story, similar, domains: (config.discovery.domains ?? []).map(({ name }) => name) };
}

function paint(style: 'green' | 'yellow' | 'red' | 'dim' | 'bold', text: string): string {
  return styleText(style, text, { validateStream: false });
}
