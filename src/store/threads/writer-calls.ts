import type { DatabaseSync } from 'node:sqlite';
import type { EventRecord } from '../../activations/types.ts';
import { loadForest, saveForest } from '../agent-memory/forest.ts';
import { loadOpenConditions, saveOpenConditions } from '../agent-memory/open-conditions.ts';
import { keepOutbox, loadOutbox, saveOutbox } from '../agent-memory/outbox.ts';
import { loadSightings, saveSightings } from '../agent-memory/sightings.ts';
import { forecast } from '../counting/forecast.ts';
import { overview } from '../counting/overview.ts';
import { readMeta } from '../database/meta.ts';
import { transaction } from '../database/transaction.ts';
import { eraseSecurely } from '../erasure/erase.ts';
import { loadBookmark } from '../history/log-bookmarks.ts';
import { planRetirement } from '../leases/retire.ts';
import { closeMonth, takeOutages } from '../months/months.ts';
import type { Delivery } from './delivery.ts';
import type { Engine } from './engine.ts';
import type { WriterCall } from './messages.ts';
import { isReport } from './writer-queue.ts';

const MEMORY = { loadSightings, loadOutbox, loadForest, loadOpenConditions };

/** Does what is asked. @param calls those that share the commit of the first @returns the answer to each */
export function doCalls(
  engine: Engine,
  database: DatabaseSync,
  call: WriterCall,
  calls: readonly WriterCall[],
): readonly unknown[] {
  const { now } = call;
  switch (call.name) {
    case 'ingest':
      return engine.ingest(deliveries(calls), now);
    case 'takeReport':
      return engine.takeReports(calls.filter(isReport).map(({ args: [report] }) => report));
    case 'configure':
      return [void engine.configure(call.args[0], now)];
    case 'aggregates':
      return [engine.aggregates(now)];
    case 'overview':
      return [overview(engine.state, call.args[0], now)];
    case 'erase':
      return [eraseSecurely(database, ...call.args)];
    case 'forecast':
      return [forecast(engine.state, call.args[0], now, engine.aggregates(now).hosts)];
    case 'takeInventoryPart':
      return [engine.takeInventoryPart(...call.args)];
    case 'takeGap':
      return [engine.takeGap(...call.args)];
    case 'takeHeard':
      return [void engine.takeHeard(...call.args)];
    case 'retire':
      return [engine.retire(call.args[0], now)];
    case 'undoRetirement':
      return [engine.undoRetirement(call.args[0])];
    case 'planRetirement': {
      const [clients, silentFor] = call.args;
      return [planRetirement(engine.state, clients, silentFor === null ? undefined : now - silentFor, now)];
    }
    case 'tick':
      return [engine.tick(now, call.args[0])];
    case 'loadClock':
      return [readMeta(database, 'clock')];
    case 'logBookmark':
      return [loadBookmark(database, ...call.args)];
    case 'loadSightings':
    case 'loadOutbox':
    case 'loadForest':
    case 'loadOpenConditions':
      return [MEMORY[call.name](database)];
    case 'saveSightings':
      return [transaction(database, () => saveSightings(database, ...call.args))];
    case 'saveOutbox':
      return [transaction(database, () => saveOutbox(database, ...call.args))];
    case 'keepOutbox':
      return [transaction(database, () => keepOutbox(database, ...call.args))];
    case 'closeMonth':
      return [transaction(database, () => closeMonth(database, ...call.args, now))];
    case 'takeOutages':
      return [transaction(database, () => takeOutages(database, ...call.args, now))];
    case 'saveForest':
      return [transaction(database, () => saveForest(database, ...call.args))];
    case 'saveOpenConditions':
      return [transaction(database, () => saveOpenConditions(database, ...call.args))];
    case 'repair':
    case 'close':
      return [undefined];
  }
}

function deliveries(calls: readonly WriterCall[]): Delivery[] {
  return calls.flatMap((call) => {
    if (call.name !== 'ingest') return [];
    const [source, text, , unread, bookmark] = call.args;
    const records: readonly EventRecord[] = JSON.parse(text);
    return [{ source, records, unread, bookmark, inDoubt: call.inDoubt }];
  });
}
