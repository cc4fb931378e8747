import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '../agent/service.ts';
import type { ListenAddress } from '../config/listen-address.ts';
import { type DemoEstate, startDemoEstate } from '../demo/estate.ts';
import { ok } from '../kernel/result.ts';
import type { AddCommand } from './add-command.ts';
import { type ListenOption, listenOption } from './listen-option.ts';
import { createLogger } from './log.ts';
import { serve } from './serve.ts';
import type { Terminal } from './terminal.ts';

export const demoCommand: AddCommand = (program, terminal, done) => {
  program
    .command('demo')
    .description('a simulated estate on loopback, with the agent watching it; ends with Ctrl-C')
    .addOption(listenOption())
    .action(async (options: ListenOption) => done(await demo(options['web.listen'], terminal)));
};

async function demo(listen: readonly ListenAddress[] | undefined, terminal: Terminal): Promise<number> {
  const estate = await startDemoEstate();
  const folder = await mkdtemp(join(tmpdir(), 'kmswatch-demo-'));
  const { config } = estate;
  try {
    return await serve({
      config,
      database: join(folder, 'kmswatch.db'),
      listen,
      logger: createLogger(config.log, terminal.error),
      system: async () => ({ servers: [], search: [] }),
      load: async () => ok({ config, file: undefined }),
      onServing: (service) => terminal.out(welcome(estate, service)),
    });
  } finally {
    await estate.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function welcome(estate: DemoEstate, service: Service): string {
  const urls = service.addresses.map((address) => `http://${address}`);
  return [
    'A simulated estate on loopback, and kmswatch watching it.',
    '',
    ...estate.describe().map((line) => `  ${line}`),
    '',
    ...urls.flatMap((url) => [
      `  Status page  ${url}/`,
      `  Metrics      ${url}/metrics`,
      `  Targets      ${url}/sd/hosts`,
    ]),
    `  First look   npm start -- check --domain ${estate.domain} --server ${estate.server}`,
    '',
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}
