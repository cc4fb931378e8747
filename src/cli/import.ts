import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { StoreClient } from '../command-socket/store-client.ts';
import { Intake, type Summary } from '../ingest/intake.ts';
import type { ListSummary } from '../ingest/read-list.ts';
import { HEAD_BYTES, isList } from '../inventory/is-list.ts';
import { MAX_SOURCE_BYTES } from '../inventory/limits.ts';
import { systemClock } from '../kernel/clock.ts';
import { fileFailure } from '../kernel/file-failure.ts';
import { wholeSeconds } from '../kernel/time.ts';
import { counted } from '../kernel/words.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import { importList } from './import-list.ts';
import { ProgressBar } from './progress-bar.ts';
import { damageLines, refusalLines } from './tell-refusals.ts';
import type { Terminal } from './terminal.ts';
import { withStore } from './with-store.ts';

export const importCommand: AddCommand = (program, terminal, done) => {
  program
    .command('import')
    .description(
      "import a KMS host's saved or exported log, or a list of machines or licences, in any form that the API accepts",
    )
    .argument('<file...>', 'a saved log (.evtx), exported events, or a list (CSV, JSON, names); - reads standard input')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .action(async (files: readonly string[], options: { config?: string }) => {
      done(
        await withStore(options.config, terminal, (store, _, path) => importAll(store, path, files, terminal), {
          create: true,
        }),
      );
    });
};

async function importAll(
  store: StoreClient,
  path: string,
  files: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const through = store.isAgent ? 'through the running agent' : 'no agent is running there';
  terminal.out(`into ${path} (${through})\n`);
  const total = { accepted: 0, duplicate: 0, ignored: 0, rejected_count: 0 };
  let failed = 0;
  for (const file of files) {
    const { counts, isWhole } = await importFile(store, file, terminal);
    if (!isWhole) failed++;
    for (const key of ['accepted', 'duplicate', 'ignored', 'rejected_count'] as const) total[key] += counts[key];
  }
  if (files.length > 1) {
    const unread = failed === 0 ? '' : `, ${failed} not read to the end`;
    terminal.out(`${files.length} files: ${countsOf(total)}${unread}\n`);
  }
  return failed > 0 || total.rejected_count > 0 ? EXIT.failed : EXIT.ok;
}

/** @param failure why it was not read to its end */
function tell(file: string, intake: Intake, failure: string | undefined, terminal: Terminal): void {
  const { accepted, duplicate, ignored } = intake.summary;
  for (const line of [...refusalsOf(intake), ...ignoredOf(intake)]) terminal.error(`${file}: ${line}\n`);
  if (failure !== undefined) terminal.error(`${file}: ${failure}\n`);
  if (failure === undefined || accepted + duplicate + ignored > 0)
    terminal.out(`${file}: ${countsOf(intake.summary)}\n`);
}

function refusalsOf(intake: Intake): readonly string[] {
  const { rejected, rejected_count } = intake.summary;
  const { refusal, damage } = intake;
  if (refusal !== undefined) return [refusal];
  const [damaged, others] = [true, false].map((is) => rejected.filter(({ index }) => intake.isDamage(index) === is));
  const records = (others ?? []).map(({ index, reason }) => ({ place: `record ${index + 1}`, reason }));
  return [
    ...damageLines(
      (damaged ?? []).map(({ reason }) => reason),
      damage,
    ),
    ...refusalLines(records, rejected_count - damage),
  ];
}

/** Only what could make somebody wonder: that nothing of a log was of use, or that part of it is out of time. */
function ignoredOf({ summary, ignored }: Intake): readonly string[] {
  const { foreign, outOfTime } = ignored;
  const texts: string[] = [];
  const { accepted, duplicate, rejected_count } = summary;
  if (accepted + duplicate + outOfTime + rejected_count === 0 && foreign > 0) texts.push(noneOf(foreign));
  if (outOfTime > 0)
    texts.push(
      `${counted(outOfTime, 'record')} ignored: older than store.history in the configuration, or more than a day in the future`,
    );
  return texts;
}

function noneOf(count: number): string {
  return `${count === 1 ? 'its record is not' : `none of its ${count} records is`} of KMS (events 12290 to 12294 of a host, 12288, 12289, 12308, 1003 and 8198 of a client): on the host, save the log "Key Management Service"`;
}

type Counts = Pick<Summary, 'accepted' | 'duplicate' | 'ignored' | 'rejected_count'>;

function countsOf({ accepted, duplicate, ignored, rejected_count }: Counts): string {
  return `${accepted} accepted, ${duplicate} duplicate, ${ignored} ignored, ${rejected_count} rejected`;
}

interface Imported {
  readonly counts: Counts;
  /** It was read to its end. */
  readonly isWhole: boolean;
}

const NOTHING: Counts = { accepted: 0, duplicate: 0, ignored: 0, rejected_count: 0 };

/** Reads a log or a list, as its beginning says. */
async function importFile(store: StoreClient, file: string, terminal: Terminal): Promise<Imported> {
  const isInput = file === '-';
  const progress = new ProgressBar(file, isInput ? undefined : await sizeOf(file), terminal);
  const chunks: AsyncIterable<Buffer> = isInput ? process.stdin : createReadStream(file);
  const octets = chunks[Symbol.asyncIterator]();
  try {
    const head = await beginningOf(octets);
    if (await isList(head.subarray(0, HEAD_BYTES))) {
      const bytes = await restOf(octets, head, progress);
      progress.clear();
      return await importListFile(store, file, bytes, terminal);
    }
    const intake = new Intake(store, 'import');
    const failure = await importLog(intake, head, octets, progress);
    // Nothing more is coming, so nobody has to wait for it.
    await store.ingest('import', []);
    progress.clear();
    tell(file, intake, failure, terminal);
    return { counts: intake.summary, isWhole: failure === undefined };
  } catch (error) {
    progress.clear();
    terminal.error(`${file}: ${fileFailure(error)}\n`);
    return { counts: NOTHING, isWhole: false };
  }
}

async function importListFile(store: StoreClient, file: string, bytes: Buffer, terminal: Terminal): Promise<Imported> {
  const read = await importList(store, file, bytes, wholeSeconds(systemClock.now()), terminal);
  if (read === 'failed') return { counts: NOTHING, isWhole: false };
  const counts = read === 'refused' ? { ...NOTHING, rejected_count: 1 } : countsOfList(read);
  terminal.out(`${file}: ${countsOf(counts)}\n`);
  return { counts, isWhole: true };
}

function countsOfList(read: ListSummary): Counts {
  const ignored = read.left_out.reduce((sum, { count }) => sum + count, 0);
  const duplicate = read.rows - read.machines - read.rejected_count - ignored;
  return { accepted: read.machines, duplicate, ignored, rejected_count: read.rejected_count };
}

/** @returns why it ended early: what was accepted until then is kept */
async function importLog(
  intake: Intake,
  head: Buffer,
  octets: AsyncIterator<Buffer>,
  progress: ProgressBar,
): Promise<string | undefined> {
  let chunk = head;
  try {
    for (;;) {
      const failure = await intake.push(chunk);
      if (failure !== undefined) return failure;
      // A device may have no end.
      if (intake.isRefused) return await intake.end();
      progress.advance(chunk.length);
      const next = await octets.next();
      if (next.done === true) return await intake.end();
      chunk = next.value;
    }
  } catch (error) {
    return fileFailure(error);
  }
}

/** As many octets as tell what it is, or all. */
async function beginningOf(octets: AsyncIterator<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let size = 0; size < HEAD_BYTES; ) {
    const next = await octets.next();
    if (next.done === true) break;
    chunks.push(next.value);
    size += next.value.length;
  }
  return Buffer.concat(chunks);
}

/** All octets; more than a list may have are not read. */
async function restOf(octets: AsyncIterator<Buffer>, head: Buffer, progress: ProgressBar): Promise<Buffer> {
  const chunks = [head];
  progress.advance(head.length);
  for (let size = head.length; size <= MAX_SOURCE_BYTES; ) {
    const next = await octets.next();
    if (next.done === true) break;
    chunks.push(next.value);
    size += next.value.length;
    progress.advance(next.value.length);
  }
  return Buffer.concat(chunks);
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch {
    // Reading it gives the error.
    return undefined;
  }
}
