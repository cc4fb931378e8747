import type { Clock } from '../kernel/clock.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Random } from '../kernel/random.ts';
import type { Millis } from '../kernel/time.ts';
import { classify } from './classify.ts';
import { type ExchangeEnd, exchange } from './exchange.ts';
import { encodeBind, KMS_INTERFACE, NDR, type SyntaxId } from './pdu.ts';
import type { ImpostorCheck } from './types.ts';

export interface ImpostorCheckOptions {
  readonly host: HostName;
  /** 1 to 65535. */
  readonly port: number;
  /** The literal address that accepted a bind to the KMS interface. */
  readonly address: string;
  /** Milliseconds, greater than 0. */
  readonly timeout: Millis;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/**
 * Binds to an interface that nobody has. Windows refuses it; what accepts it accepts everything, as emulators do.
 * @returns undefined when the signal aborted it
 */
export async function checkImpostor(options: ImpostorCheckOptions): Promise<ImpostorCheck | undefined> {
  const { host, port, address, timeout, clock, random, signal } = options;
  const bind = encodeBind(randomInterface(random), NDR);
  const done = await exchange({ address, port, bind, timeout, clock, signal });
  if (done === undefined) return undefined;
  return { host, port, at: clock.now(), genuine: isGenuine(done.end, timeout) };
}

function isGenuine(end: ExchangeEnd, timeout: Millis): boolean | undefined {
  const { outcome } = classify(end, timeout);
  if (outcome === 'ok') return false;
  if (outcome === 'not_kms' || outcome === 'denied') return true;
  // A host that has no time says nothing about itself; any other bind_nak or fault is a refusal.
  if (outcome === 'busy' || end.kind !== 'answer') return undefined;
  return end.answer.kind === 'bind_nak' || end.answer.kind === 'fault' ? true : undefined;
}

/** A version 4 UUID (RFC 9562 5.4), in the octets of a little-endian sender; never that of KMS. */
export function randomInterface(random: Random): SyntaxId {
  const uuid = Uint8Array.from(random.bytes(16));
  // The third field is an integer, so that its high octet, with the version, comes second.
  uuid[7] = ((uuid[7] ?? 0) & 0x0f) | 0x40;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  if (Buffer.compare(uuid, KMS_INTERFACE.uuid) === 0) uuid[0] = (uuid[0] ?? 0) ^ 1;
  return { uuid, major: 1, minor: 0 };
}
