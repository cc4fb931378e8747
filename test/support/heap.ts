import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/**
 * Octets of V8's heap that are in use once garbage is collected. The resident memory depends on when V8
 * collects, and so on the machine.
 */
export function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
