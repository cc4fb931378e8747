import { InvalidArgumentError, Option } from 'commander';
import { isMonth, monthBefore, monthOf } from '../kernel/calendar-month.ts';
import { systemClock } from '../kernel/clock.ts';
import { wholeSeconds } from '../kernel/time.ts';
import type { MonthReport } from '../store/months/month-types.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { wholeDocument } from '../web/pages/layout.ts';
import { reportCsv } from '../web/pages/report/report-csv.ts';
import { reportMain } from '../web/pages/report/report-main.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import { tellReading } from './tell-reading.ts';
import type { Terminal } from './terminal.ts';
import { withStore } from './with-store.ts';

interface Options {
  readonly config?: string;
  readonly month?: string;
  readonly format: 'html' | 'csv' | 'json';
}

export const reportCommand: AddCommand = (program, terminal, done) => {
  program
    .command('report')
    .description(
      'show a month for an auditor: machines active by product, hosts and their keys, outages, end of support',
    )
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .option('--month <month>', 'for example 2026-10; default: the last month that is over', monthOption)
    .addOption(
      new Option('--format <format>', 'output format; html is a page that prints on A4')
        .choices(['html', 'csv', 'json'])
        .default('html'),
    )
    .action(async (options: Options) =>
      done(await withStore(options.config, terminal, (store) => show(store, options, terminal))),
    );
};

async function show(store: StoreAccess, { month, format }: Options, terminal: Terminal): Promise<number> {
  await tellReading(store, terminal);
  const asked = month ?? monthBefore(monthOf(wholeSeconds(systemClock.now())));
  const found = await store.month(asked);
  if (!found.ok) {
    terminal.error(`${found.error.text}\n`);
    return EXIT.failed;
  }
  terminal.out(textOf(found.value, format));
  return EXIT.ok;
}

function textOf(report: MonthReport, format: Options['format']): string {
  if (format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  return format === 'csv' ? reportCsv(report) : wholeDocument(`Report of ${report.month}`, reportMain(report)).text;
}

function monthOption(text: string): string {
  if (!isMonth(text)) throw new InvalidArgumentError('expected a month such as 2026-10');
  return text;
}
