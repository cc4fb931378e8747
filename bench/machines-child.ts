/** The thread that joins machines, as an agent runs it, in a process that does nothing else. */
import { z } from 'zod';
import { saveMemory } from '../src/cli/agent-memory.ts';
import { seconds } from '../src/kernel/time.ts';
import type { MachineQuery } from '../src/machines/machine-query.ts';
import { openForWriting } from '../src/store/database/database.ts';
import { readMeta, writeMeta } from '../src/store/database/meta.ts';
import { query } from '../src/store/database/rows.ts';
import { INVENTORY_VERSION } from '../src/store/inventory/take-part.ts';
import { beginThread } from '../src/store/threads/begin-thread.ts';
import type { ReaderCalls } from '../src/store/threads/reader-service.ts';
import { Thread } from '../src/store/threads/thread.ts';
import { DEFAULT_SETTINGS } from '../test/store/default-settings.ts';
import { forgetPeak, peakMiB } from './agent.ts';
import { answer, readInput } from './child.ts';
import { quantile, residentMiB } from './measure.ts';

const PAGES = 200;
/** Each but the first is made while the last one still answers. */
const JOINS = 4;

saveMemory();
const input = await readInput(z.object({ path: z.string(), now: z.int() }));
const { path } = input;
let { now } = input;
const writer = openForWriting(path);
const start = { path, settings: DEFAULT_SETTINGS, now: seconds(now) };
const reader = new Thread<ReaderCalls>(
  beginThread('./reader-thread'),
  start,
  () => ({ now: seconds(now) }),
  () => {},
);
// It is open, and its code is loaded.
await reader.call('reading');
const before = await residentMiB(process.pid);

const join = await processorOf(() => reader.call('machineCounts'));
const pages: number[] = [];
for (let page = 0; page < PAGES; page++) {
  const asked: MachineQuery = page % 2 === 0 ? { client: String(page * 37) } : { verdict: 'never_asked' };
  pages.push(await processorOf(() => reader.call('machines', { ...asked, limit: 100 })));
}
const first = await peakMiB(process.pid);
await forgetPeak(process.pid);
for (let count = 1; count < JOINS; count++) {
  now += 60;
  takeInventoryPart(`ws-05000${count}0a.corp.example`);
  await reader.call('machineCounts');
}
const later = await peakMiB(process.pid);
answer({ join, page: quantile(pages, 0.99), first: first - before, later: later - before });

/** What a source newly says is joined at once. @param machine that nobody knew, among the others */
function takeInventoryPart(machine: string): void {
  query(writer, "INSERT INTO inventory_rows VALUES (1, ?, ?, ?, 0, 'Windows 11 Enterprise', NULL)").run(
    machine,
    now,
    now,
  );
  writeMeta(writer, INVENTORY_VERSION, String(Number(readMeta(writer, INVENTORY_VERSION) ?? 0) + 1));
}

/** Milliseconds of the processor, as others may be at work. */
async function processorOf(work: () => Promise<unknown>): Promise<number> {
  const began = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
