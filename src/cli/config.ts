import { printConfig } from '../config/print.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import { checkConfiguration, loadConfiguration } from './load-config.ts';

export const configCommand: AddCommand = (program, terminal, done) => {
  const config = program.command('config').description('check or print a configuration, or its JSON Schema');
  config
    .command('check')
    .argument('<file>', 'the configuration file')
    .description('show every mistake in a configuration with its line and column')
    .action(async (file: string) => {
      const mistakes = await checkConfiguration(file);
      if (mistakes === undefined) terminal.out(`${file} is valid\n`);
      else terminal.error(`${mistakes}\n`);
      done(mistakes === undefined ? EXIT.ok : EXIT.badUsage);
    });
  config
    .command('print')
    .argument('[file]', 'the configuration file; default: the one that the agent would use')
    .description('print the effective configuration with secrets hidden')
    .option('--config <file>', 'the same')
    .action(async (file: string | undefined, options: { config?: string }) => {
      const loaded = await loadConfiguration(file ?? options.config);
      if (loaded.ok) terminal.out(printConfig(loaded.value.config));
      else terminal.error(`${loaded.error}\n`);
      done(loaded.ok ? EXIT.ok : EXIT.badUsage);
    });
  config
    .command('schema')
    .description('print the JSON Schema of the configuration, for editors')
    .action(async () => {
      const { configJsonSchema } = await import('../config/json-schema/json-schema.ts');
      terminal.out(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
      done(EXIT.ok);
    });
};
