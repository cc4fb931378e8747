import { parentPort, workerData } from 'node:worker_threads';
import { damageIn } from '../sqlite/damage.ts';
import { closeQuietly } from '../sqlite/files.ts';
import { openForReading } from '../store/database/database.ts';

/** Reads the whole database once, beside the threads that use it, and ends. */
const database = openForReading(workerData.path);
parentPort?.postMessage(damageIn(database));
closeQuietly(database);
