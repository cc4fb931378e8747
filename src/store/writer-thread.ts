import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { migrate } from './migrations.ts';
import { OPERATIONS } from './operations.ts';
import type { Answer, Call } from './thread-messages.ts';

/** The one thread that writes. SQLite is synchronous, so its waits must not be the event loop's. */
const port = parentPort;
const { path } = workerData as { path: string };
const database = new DatabaseSync(path);
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000');
migrate(database);

port?.on('message', (call: Call) => {
  if (call.name === 'close') {
    database.close();
    port.close();
    return;
  }
  port.postMessage(answer(call));
});
port?.postMessage({ id: 0, value: undefined, bytes: size() } satisfies Answer);

function answer({ id, name, args }: Exclude<Call, { name: 'close' }>): Answer {
  try {
    database.exec('BEGIN IMMEDIATE');
    const operation = OPERATIONS[name] as (database: DatabaseSync, ...args: readonly unknown[]) => unknown;
    const value = operation(database, ...args);
    database.exec('COMMIT');
    return { id, value, bytes: size() };
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function size(): number {
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}
