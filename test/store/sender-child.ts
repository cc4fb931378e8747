/**
 * A sender that will be killed: it ingests records without end, and prints the acknowledged ones to standard output.
 * Arguments: the database, the time of record 0, the number of the first record, and of the one to
 * end before: then one batch is sent after the other.
 */
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { openStore } from '../../src/store/store.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

/** More than one commit touches, so that some rows are always in the table of changes. */
const CLIENTS = 7000;

const [path = '', epoch = '0', first = '0', until = 'Infinity'] = process.argv.slice(2);
const opened = await openStore(path, { settings: DEFAULT_SETTINGS, clock: systemClock, logger: silentLogger });
if (!opened.ok) throw new Error(opened.error);
const store = opened.value;
process.stdout.write('open\n');
let next = Number(first);

/** Small and large batches, several at once, some of them with records that were sent before. */
async function sender(size: number): Promise<void> {
  while (next < Number(until)) {
    const from = next;
    next += size;
    const records = Array.from({ length: size }, (_, index) => syntheticRecord(from + index, Number(epoch), CLIENTS));
    const taken = await store.ingest('http', [...records, ...records.slice(0, 1)]);
    if (!taken.ok) throw new Error(taken.error.text);
    process.stdout.write(`${from} ${size}\n`);
  }
}

if (until === 'Infinity') await Promise.all([sender(1), sender(7), sender(200), sender(1500), sender(3000)]);
else await sender(100);
await store.close();
