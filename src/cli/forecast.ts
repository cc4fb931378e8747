import { Option } from 'commander';
import { columns } from '../kernel/columns.ts';
import { counted, instant, relative } from '../kernel/words.ts';
import { FORECAST_DAYS } from '../leases/forecast.ts';
import type { Forecast, HostForecast } from '../store/queries.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { forecastJson } from '../web/forecast-json.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import { tellReading } from './tell-reading.ts';
import type { Terminal } from './terminal.ts';
import { withStore } from './with-store.ts';

interface Options {
  readonly config?: string;
  readonly without?: string;
  readonly format: 'table' | 'json';
}

export const forecastCommand: AddCommand = (program, terminal, done) => {
  program
    .command('forecast')
    .description('show the count of each host and class, and when it falls below its threshold if no more clients ask')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .option(
      '--without <pattern>',
      'as if these machines stopped asking now and all others went on: a name with * for any characters, for example "br7-*"',
    )
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json']).default('table'))
    .action(async (options: Options) =>
      done(await withStore(options.config, terminal, (store) => show(store, options, terminal))),
    );
};

async function show(store: StoreAccess, { without, format }: Options, terminal: Terminal): Promise<number> {
  await tellReading(store, terminal);
  const found = await store.forecast({ days: FORECAST_DAYS, without: without ?? null });
  if (!found.ok) {
    terminal.error(`${found.error.text}\n`);
    return EXIT.failed;
  }
  if (format === 'json') terminal.out(`${JSON.stringify(forecastJson(found.value), undefined, 2)}\n`);
  else terminal.out(textOf(found.value));
  return EXIT.ok;
}

function textOf(forecast: Forecast): string {
  const { without, stopping, hosts } = forecast;
  const head =
    without === null
      ? 'If no more clients ask:'
      : `If ${counted(stopping ?? 0, 'client')} called like ${without} stop asking now, and all others go on:`;
  const rows = hosts.map((host) => rowOf(host, forecast));
  const lines =
    rows.length === 0
      ? ['No log of a host has a request of the last 30 days.']
      : [head, ...columns([['HOST', 'CLASS', 'COUNT', 'NEEDED', 'IN 30 DAYS', 'BELOW FROM', 'LEASES END'], ...rows])];
  return `${lines.join('\n')}\n`;
}

function rowOf({ host, cls, count, threshold, census, breach, ends }: HostForecast, { asOf }: Forecast): string[] {
  const left = census?.[30];
  return [
    host,
    cls,
    count === null ? 'not known' : `${count}`,
    threshold === null ? '-' : `${threshold}`,
    left === undefined ? '-' : `${left}`,
    breach === null
      ? count === null
        ? 'not known'
        : 'never'
      : breach <= asOf
        ? 'now'
        : `${instant(breach)} (${relative(breach, asOf)})`,
    `${ends.reduce((sum, each) => sum + each, 0)}`,
  ];
}
