import { parentPort, workerData } from 'node:worker_threads';
import { closeQuietly } from '../sqlite/files.ts';
import { damageOf } from '../store/database/damage-of.ts';
import { openForReading } from '../store/database/database.ts';

/** Reads the whole database once, beside the threads that use it, and ends. */
const database = openForReading(workerData.path);
parentPort?.postMessage(damageOf(database));
closeQuietly(database);
