import type { Clock } from '../kernel/clock.ts';
import { type Millis, millis } from '../kernel/time.ts';
import { classify, wantsOtherTransferSyntax } from './classify.ts';
import { type Exchange, exchange } from './exchange.ts';
import { encodeBind, KMS_INTERFACE, NDR, NDR64 } from './pdu.ts';
import { mayLackRoute } from './route.ts';
import type { AddressProbe } from './types.ts';

const KMS_BIND = encodeBind(KMS_INTERFACE, NDR);
const KMS_BIND_NDR64 = encodeBind(KMS_INTERFACE, NDR64);

export interface AddressProbeOptions {
  /** A literal address. */
  readonly address: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Milliseconds for all of it, greater than 0. */
  readonly timeout: Millis;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether this system has a route to the address. */
  readonly hasRoute: (address: string) => Promise<boolean>;
}

/**
 * Binds to the KMS interface at one address; with NDR64 on a second connection, within the same time, when the peer
 * has the interface but not with NDR 2.0.
 * @returns `no_route` when this system has no route to the address; undefined when the signal aborted it
 */
export async function probeAddress(options: AddressProbeOptions): Promise<AddressProbe | 'no_route' | undefined> {
  const { address, timeout } = options;
  const done = await bindToKms(options);
  if (done === undefined) return undefined;
  const { end, connect, bind } = done;
  if (end.kind === 'failed' && mayLackRoute(end.code) && !(await options.hasRoute(address))) return 'no_route';
  return { address, ...classify(end, timeout), connect, bind };
}

async function bindToKms(options: AddressProbeOptions): Promise<Exchange | undefined> {
  const { address, port, timeout, clock, signal } = options;
  const started = clock.monotonic();
  const first = await exchange({ address, port, bind: KMS_BIND, timeout, clock, signal });
  if (first?.end.kind !== 'answer' || !wantsOtherTransferSyntax(first.end.answer)) return first;
  const left = millis(timeout - (clock.monotonic() - started));
  if (left <= 0) return first;
  return exchange({ address, port, bind: KMS_BIND_NDR64, timeout: left, clock, signal });
}
