import { type ResourceLimits, Worker } from 'node:worker_threads';

/**
 * Where the module of a worker thread is, from source (`.ts`) as well as from the published package (`.js`).
 * The build rewrites imports, but not where a thread starts: the extension is taken from the module that asks, and all
 * files of the package are in one folder.
 * @param path a file beside the caller's, without an extension: `./writer-thread`
 * @param from the caller's `import.meta.url`
 */
export function workerUrl(path: string, from: string): URL {
  return new URL(path + from.slice(from.lastIndexOf('.')), from);
}

/** By how much a thread is nicer than the event loop's. */
const COURTESY = 5;

/**
 * What a thread does first. It leaves the processor to the event loop, which scrapes wait for, where both need it: on
 * Linux a thread has its own priority (setpriority(2), "C library/kernel differences"). The compile cache is a
 * thread's own: without it each thread started from source loads the stripper of types as well, some 18 MB.
 */
const BOOTSTRAP = `
const os = require('node:os');
if (process.platform === 'linux') os.setPriority(0, Math.min(19, os.getPriority(0) + ${COURTESY}));
require('node:module').enableCompileCache();
const { workerData } = require('node:worker_threads');
import(workerData.module);
`;

/**
 * Starts the module in its own thread; see `workerUrl` for `path` and `from`.
 * @param data what the module finds in `workerData`, beside the name `module`
 */
export function startWorker(
  path: string,
  from: string,
  data: Readonly<Record<string, unknown>> = {},
  resourceLimits: ResourceLimits = {},
): Worker {
  const workerData = { ...data, module: workerUrl(path, from).href };
  return new Worker(BOOTSTRAP, { eval: true, workerData, resourceLimits });
}
