import { sleep } from '../kernel/clock.ts';
import { millis, SECOND_MS } from '../kernel/time.ts';

/** Milliseconds between two looks, and for one of them. */
const PAUSE = millis(2 * SECOND_MS);
const TIMEOUT = millis(30 * SECOND_MS);

/**
 * Waits until the agent itself has the whole history of every host, and reads none any more: only then do its pages no
 * longer say "still reading". That is up to two minutes after the last record of a quiet host.
 * @param url of the agent @param hosts of which it is sent a history @returns false if the signal ended it
 */
export async function historyRead(url: string, hosts: readonly string[], signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const page = await metricsOf(url, signal);
    // A host that was not counted yet is not there.
    if (hosts.every((host) => page.includes(`\nkms_host_activations_reading{host="${host}"} 0\n`))) return true;
    await sleep(PAUSE, signal);
  }
  return false;
}

/** @returns nothing if the agent is busy: it is asked again */
async function metricsOf(url: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(new URL('/metrics', url), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    return await response.text();
  } catch {
    return '';
  }
}
