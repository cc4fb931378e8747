import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ListSummary } from '../ingest/read-list.ts';
import { readList } from '../ingest/read-list.ts';
import { millis, type Seconds, seconds, wholeSeconds } from '../kernel/time.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { refusalLines } from './tell-refusals.ts';
import type { Terminal } from './terminal.ts';

const REASONS: Readonly<Record<ListSummary['left_out'][number]['reason'], string>> = {
  not_windows: 'not Windows',
  before_vista: 'older than Windows Vista',
  cluster_name: 'names of clusters',
  service_account: 'service accounts',
  not_a_machine: 'not machines',
  no_product_key: 'without a product key',
};

/** @returns what became of the rows; `refused` or `failed` if nothing of it was taken, and that was said */
export async function importList(
  store: StoreAccess,
  file: string,
  bytes: Uint8Array,
  now: Seconds,
  terminal: Terminal,
): Promise<ListSummary | 'refused' | 'failed'> {
  const isInput = file === '-';
  const writtenAt = isInput ? now : await writtenAtOf(file, now);
  const read = await readList(store, isInput ? 'stdin' : basename(file), bytes, { writtenAt, now });
  if (read.ok) {
    tell(file, read.value, terminal);
    return read.value;
  }
  const { error } = read;
  const text = error.kind === 'store' ? error.failure.text : `${error.refusal.reason}: ${error.refusal.remedy}`;
  terminal.error(`${file}: ${text}\n`);
  return error.kind === 'store' ? 'failed' : 'refused';
}

function tell(file: string, summary: ListSummary, terminal: Terminal): void {
  const { columns, left_out, rejected, rejected_count, warnings } = summary;
  const refused = rejected.map(({ row, reason, remedy }) => ({ place: `row ${row}`, reason: `${reason}; ${remedy}` }));
  for (const line of refusalLines(refused, rejected_count)) terminal.error(`${file}: ${line}\n`);
  for (const warning of warnings) terminal.error(`${file}: ${warning}\n`);
  for (const { column, meaning, note } of columns) {
    terminal.out(`${file}: '${column}' is ${meaning}${note === null ? '' : `, ${note}`}\n`);
  }
  for (const { reason, count, examples } of left_out) {
    const named = examples.length === 0 ? '' : ` (${examples.join(', ')}${count > examples.length ? ', …' : ''})`;
    terminal.out(`${file}: left out ${count}: ${REASONS[reason]}${named}\n`);
  }
}

/** A list is as old as its file; one that is dated ahead is of now. */
async function writtenAtOf(file: string, now: Seconds): Promise<Seconds> {
  try {
    return seconds(Math.min(now, wholeSeconds(millis((await stat(file)).mtimeMs))));
  } catch {
    return now;
  }
}
