import { afterAll, afterEach } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { ok } from '../../src/kernel/result.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { MINUTE_MS, millis } from '../../src/kernel/time.ts';
import { WinrmClient } from '../../src/winrm/client.ts';
import { createWinrmShared } from '../../src/winrm/shared.ts';
import type { CallOptions, WinrmAuth, WinrmConnection, WinrmDeps } from '../../src/winrm/types.ts';
import { startWsmanDouble, type WsmanDouble, type WsmanScript } from '../doubles/wsman-double.ts';

export const PASSWORD = 'hunter2-geheim';

export const BASIC: WinrmAuth = {
  kind: 'basic',
  username: 'mon',
  password: { read: async () => ok(new Secret(PASSWORD)) },
};

/** Clients and doubles are closed after each test; anything that clients share, after all tests. */
export function winrmBench() {
  const shared = createWinrmShared();
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });
  afterAll(() => shared.close());
  const client = (connection: WinrmConnection, changes: Partial<WinrmDeps> = {}): WinrmClient => {
    const made = new WinrmClient(connection, { clock: systemClock, random: systemRandom, shared, ...changes });
    open.push(made);
    return made;
  };
  return {
    shared,
    client,
    /** A service that answers as the script says, and a client of it. */
    async against(script: WsmanScript): Promise<{ readonly double: WsmanDouble; readonly client: WinrmClient }> {
      const double = await startWsmanDouble(script);
      open.push(double);
      return { double, client: client({ url: double.url, auth: BASIC, insecure: true }) };
    },
  };
}

/** Seconds are short here: everything is on loopback. */
export function call(timeout: number = MINUTE_MS): CallOptions {
  return { timeout: millis(timeout), signal: new AbortController().signal };
}
