import type { LogTimes } from '../../src/agent/logs/log-progress.ts';
import { readLogs } from '../../src/agent/logs/log-reader.ts';
import type { NewEvent } from '../../src/demo/windows/event-log.ts';
import type { WindowsHost } from '../../src/demo/windows/windows-host.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { ok } from '../../src/kernel/result.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { millis, SECOND_MS } from '../../src/kernel/time.ts';
import type { Store } from '../../src/store/store.ts';
import { WinrmClient } from '../../src/winrm/client.ts';
import { createWinrmShared } from '../../src/winrm/shared.ts';
import { hostName } from './host-name.ts';

export const KMS = 'Key Management Service';
export const HOST = 'kms01.corp.example';

const SHARED = createWinrmShared();

export const QUICK: LogTimes = {
  timeout: millis(15_000),
  queryTimeout: millis(15_000),
  pullTimeout: millis(500),
  look: SECOND_MS,
  renewAfter: 60_000,
  pollEvery: millis(50),
  retryRefused: 60_000,
};

/** One request for activation, as its host writes it down. @param time milliseconds since the epoch */
export function requestEvent(n: number, time: number): NewEvent {
  const client = String(n).padStart(12, '0');
  const clock = new Date(time);
  const utc = `${clock.getUTCFullYear()}/${clock.getUTCMonth() + 1}/${clock.getUTCDate()} ${clock.getUTCHours()}:${String(clock.getUTCMinutes()).padStart(2, '0')}`;
  const fields = ['0x0', '25', `ws${n}.corp.example`, `c0000000-0000-4000-8000-${client}`, utc, '0', '1', '250000'];
  return { time, eventId: 12290, data: ['', ...fields, '73111121-5638-40f6-bc11-f1d7b0d64300'] };
}

/** Numbered from 1, one a second up to now. */
export function requestEvents(count: number, first = 1, until = Date.now()): NewEvent[] {
  return Array.from({ length: count }, (_, i) => requestEvent(first + i, until - (count - i) * 1000));
}

function clientOf(url: string): WinrmClient {
  const password = { read: async () => ok(new Secret('secret')) };
  return new WinrmClient(
    { url, insecure: true, auth: { kind: 'basic', username: 'mon', password } },
    { clock: systemClock, random: systemRandom, shared: SHARED },
  );
}

export interface Reading {
  readonly failures: string[];
  readonly refusals: string[];
  answers: number;
  stop(): Promise<void>;
}

/**
 * Reads a simulated host's logs into a store until it is stopped.
 * @param maxItems more instances than these are too many for one query
 */
export function reading(
  host: Pick<WindowsHost, 'url'>,
  store: Pick<Store, 'ingestFromLog' | 'logBookmark'>,
  times: Partial<LogTimes> = {},
  maxItems?: number,
): Reading {
  const abort = new AbortController();
  const client = clientOf(host.url);
  const told: Reading = {
    failures: [],
    refusals: [],
    answers: 0,
    async stop() {
      abort.abort();
      await done;
      await client.close();
    },
  };
  const done = readLogs(
    {
      host: hostName(HOST),
      client: maxItems === undefined ? client : withFewer(client, maxItems),
      store,
      times: { ...QUICK, ...times },
      backOff: { first: millis(5), most: millis(50) },
      onAnswer: () => {
        told.answers++;
      },
      onFailure: (text) => void told.failures.push(text),
      onRefused: (text) => void told.refusals.push(text),
      clock: systemClock,
      eventClock: systemClock,
      random: systemRandom,
    },
    abort.signal,
  );
  return told;
}

function withFewer(client: WinrmClient, maxItems: number): Pick<WinrmClient, 'subscribe' | 'enumerate'> {
  return {
    subscribe: (options) => client.subscribe(options),
    enumerate: (options) => client.enumerate({ ...options, maxItems }),
  };
}
