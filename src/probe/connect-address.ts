import { createConnection } from 'node:net';
import { inSeconds, millis } from '../kernel/time.ts';
import { classify } from './classify.ts';
import type { ExchangeEnd } from './exchange.ts';
import type { AddressProbeOptions } from './probe-address.ts';
import { mayLackRoute } from './route.ts';
import type { AddressProbe } from './types.ts';

/**
 * Connects to one address by TCP, and closes again without having sent anything.
 * @returns `no_route` when this system has no route to the address; undefined when the signal aborted it
 */
export async function connectAddress(options: AddressProbeOptions): Promise<AddressProbe | 'no_route' | undefined> {
  const { address, timeout, clock } = options;
  const started = clock.monotonic();
  const end = await connectOnce(options);
  if (end === undefined) return undefined;
  if (end === 'connected') {
    const connect = inSeconds(millis(clock.monotonic() - started));
    return { address, outcome: 'ok', detail: 'accepts a TCP connection', connect, bind: undefined };
  }
  if (end.kind === 'failed' && mayLackRoute(end.code) && !(await options.hasRoute(address))) return 'no_route';
  return { address, ...classify(end, timeout), connect: undefined, bind: undefined };
}

function connectOnce({
  address,
  port,
  timeout,
  signal,
}: AddressProbeOptions): Promise<'connected' | ExchangeEnd | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port });
    const end = (how: 'connected' | ExchangeEnd | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(how);
    };
    const abort = (): void => end(undefined);
    const timer = setTimeout(() => end({ kind: 'no_connection' }), timeout);
    signal.addEventListener('abort', abort);
    socket
      .on('connect', () => end('connected'))
      .on('error', (error: NodeJS.ErrnoException) => end({ kind: 'failed', code: error.code ?? error.message }));
  });
}
