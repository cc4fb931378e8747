import { DAY_S, HOUR_S, seconds } from '../src/kernel/time.ts';
import { Engine } from '../src/store/threads/engine.ts';
import { DEFAULT_SETTINGS } from '../test/store/default-settings.ts';
import { memoryDatabase, NOW, requestRecord } from '../test/store/store-in-memory.ts';
import { milliseconds, print, ratio } from './report.ts';

const CLIENT_IDS = 20_000;
/** Requests of each client id, a week apart. */
const WEEKS = 4;
/** One of this many client ids is shared by machines that ask in turn. */
const SHARED_ONE_IN = 20;
const MACHINES = 2;
const BATCH = 4000;
/** Each is measured so often, in turn; the fastest counts, as others use the machine too. */
const ROUNDS = 3;

const AFTER = { ...DEFAULT_SETTINGS, leases: { ...DEFAULT_SETTINGS.leases, validity: seconds(170 * DAY_S) } };

/** Leases derived again, with and without clones among their client ids: the same records, the same client ids. */
export function clones(): void {
  const without = [];
  const withClones = [];
  for (let round = 0; round < ROUNDS; round++) {
    without.push(derivation(false));
    withClones.push(derivation(true));
  }
  const [alone, shared] = [Math.min(...without), Math.min(...withClones)];
  print(`${CLIENT_IDS} client ids with ${WEEKS} requests each, derived again, CPU time`, [
    { what: 'each of one machine', value: milliseconds(alone) },
    { what: `one of ${SHARED_ONE_IN} shared by ${MACHINES} machines`, value: milliseconds(shared) },
    { what: '  share of the time', value: ratio(shared / alone) },
  ]);
}

function derivation(hasClones: boolean): number {
  const engine = new Engine(memoryDatabase(), DEFAULT_SETTINGS, seconds(NOW));
  const records = [];
  for (let week = WEEKS; week > 0; week--) {
    for (let client = 1; client <= CLIENT_IDS; client++) {
      const isShared = hasClones && client % SHARED_ONE_IN === 0;
      const machine = `ws${client}${isShared ? `-${week % MACHINES}` : ''}.corp.test`;
      const time = NOW - week * 7 * DAY_S + (client % 100) * HOUR_S;
      records.push(requestRecord({ client, machine, time, recordId: (WEEKS - week) * CLIENT_IDS + client }));
    }
  }
  for (let at = 0; at < records.length; at += BATCH) {
    const batch = records.slice(at, at + BATCH);
    engine.ingest([{ source: 'import', records: batch, unread: { ignored: 0, rejected: 0 } }], seconds(NOW));
  }
  const before = process.cpuUsage();
  engine.configure(AFTER, seconds(NOW));
  while (engine.derive(0));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
