import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Intake, type Summary } from '../ingest/intake.ts';
import type { StoreAccess } from '../store/store-types.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import { ProgressBar } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';
import { withStore } from './with-store.ts';

/** Refusals of one file that are printed one by one; all are counted. */
const MOST_PRINTED = 20;

export const importCommand: AddCommand = (program, terminal, done) => {
  program
    .command('import')
    .description(
      "import a KMS host's saved or exported log into the store, in any form that POST /api/v1/events accepts",
    )
    .argument('<file...>', 'a saved log (.evtx) or exported events; - reads standard input')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .action(async (files: readonly string[], options: { config?: string }) => {
      done(await withStore(options.config, terminal, (store) => importAll(store, files, terminal), { create: true }));
    });
};

async function importAll(store: StoreAccess, files: readonly string[], terminal: Terminal): Promise<number> {
  const total = { accepted: 0, duplicate: 0, ignored: 0, rejected_count: 0 };
  let failed = 0;
  for (const file of files) {
    const intake = new Intake(store, 'import');
    const failure = await importFile(intake, file, terminal);
    tell(file, intake.summary, failure, terminal);
    if (failure !== undefined) failed++;
    for (const key of ['accepted', 'duplicate', 'ignored', 'rejected_count'] as const)
      total[key] += intake.summary[key];
  }
  if (files.length > 1) {
    const unread = failed === 0 ? '' : `, ${failed} only read in part`;
    terminal.out(`${files.length} files: ${countsOf(total)}${unread}\n`);
  }
  return failed > 0 || total.rejected_count > 0 ? EXIT.failed : EXIT.ok;
}

/** @param failure why it was not read to its end */
function tell(file: string, summary: Summary, failure: string | undefined, terminal: Terminal): void {
  const { accepted, duplicate, ignored, rejected, rejected_count } = summary;
  for (const { index, reason } of rejected.slice(0, MOST_PRINTED)) {
    terminal.error(`${file}: record ${index + 1}: ${reason}\n`);
  }
  if (rejected_count > MOST_PRINTED) terminal.error(`${file}: and ${rejected_count - MOST_PRINTED} more\n`);
  if (failure !== undefined) terminal.error(`${file}: ${failure}\n`);
  if (failure === undefined || accepted + duplicate + ignored > 0) terminal.out(`${file}: ${countsOf(summary)}\n`);
}

function countsOf({ accepted, duplicate, ignored, rejected_count }: Omit<Summary, 'rejected'>): string {
  return `${accepted} accepted, ${duplicate} duplicate, ${ignored} ignored, ${rejected_count} rejected`;
}

/** @returns why it ended early: what was accepted until then is kept */
async function importFile(intake: Intake, file: string, terminal: Terminal): Promise<string | undefined> {
  const standardInput = file === '-';
  const progress = new ProgressBar(file, standardInput ? undefined : await sizeOf(file), terminal);
  try {
    const octets = standardInput ? process.stdin : createReadStream(file);
    for await (const chunk of octets as AsyncIterable<Buffer>) {
      const failure = await intake.push(chunk);
      if (failure !== undefined) return failure;
      progress.advance(chunk.length);
    }
    return await intake.end();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    progress.clear();
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch {
    // Reading it gives the error.
    return undefined;
  }
}
