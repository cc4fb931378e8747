import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { inSeconds, type Millis, millis } from '../kernel/time.ts';
import { counted } from '../kernel/words.ts';
import { type QueryType, RCODE, rcodeName } from './constants.ts';
import { failed, type Ignored, type Leg, type LegResult } from './leg.ts';
import type { Message } from './message.ts';
import { encodeQuery, type Query } from './query.ts';
import { askOverTcp } from './tcp.ts';
import type { LookupFailure } from './types.ts';
import { askOverUdp } from './udp.ts';

/** How patiently a server is asked. */
export interface LookupOptions {
  /** Milliseconds for each attempt. */
  readonly timeout: Millis;
  /** At least 1. All that follows from one lookup ends within `timeout` times `attempts`. */
  readonly attempts: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

export interface ExchangeOptions extends LookupOptions {
  /** On the clock's monotonic scale: when everything ends. */
  readonly deadline: Millis;
  /** False: EDNS0 is left out from the start. */
  readonly edns: boolean;
  /** Counts what came and was not the answer. */
  readonly ignored: Ignored;
}

export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * Asks one server one question until it answers, fails for good, or time is up.
 *
 * EDNS0 is left out once the server has shown that it does not know it (RFC 6891 6.2.2), and in the last attempt when
 * none was answered, as some firewalls drop queries that have it. A cut answer is asked for again over TCP.
 * @returns the answer, its rcode NOERROR or NXDOMAIN
 */
export async function exchange(
  server: ServerAddress,
  name: string,
  type: QueryType,
  options: ExchangeOptions,
): Promise<Result<Message, LookupFailure>> {
  const { attempts, clock, deadline, timeout, ignored } = options;
  let edns = options.edns;
  let left = attempts;
  while (left > 0 && clock.monotonic() < deadline) {
    if (left === 1 && attempts > 1) edns = false;
    const query: Query = { id: options.random.int(65536), name, type };
    const packet = encodeQuery(query, edns);
    if (!packet.ok) return err({ reason: 'other', detail: packet.error });
    const wait = (): Millis => millis(Math.min(timeout, deadline - clock.monotonic()));
    const leg = { ...server, query, packet: packet.value, wait: wait(), signal: options.signal, ignored };
    const result = await askOnce(leg, wait);
    if (edns && result.kind === 'answer' && WITHOUT_EDNS.has(result.message.rcode)) {
      edns = false;
      continue;
    }
    if (result.kind === 'answer') return byRcode(result.message);
    if (result.kind === 'failed') return err(result.failure);
    left -= 1;
  }
  return err(silence(options));
}

async function askOnce(leg: Leg, wait: () => Millis): Promise<LegResult> {
  const result = await askOverUdp(leg);
  if (result.kind !== 'truncated') return result;
  const overTcp = await askOverTcp({ ...leg, wait: wait() });
  if (overTcp.kind === 'silent') return failed('timeout', `${TOO_LONG}, and TCP port ${leg.port} did not answer`);
  if (overTcp.kind !== 'failed') return overTcp;
  return failed(overTcp.failure.reason, `${TOO_LONG}, and ${overTcp.failure.detail}`);
}

const TOO_LONG = 'the answer is too long for UDP';

/** What servers and boxes in between say to an OPT that they do not bear, some of them repeating it. */
const WITHOUT_EDNS: ReadonlySet<number> = new Set([RCODE.FORMERR, RCODE.SERVFAIL, RCODE.NOTIMP, RCODE.BADVERS]);

function byRcode(message: Message): Result<Message, LookupFailure> {
  switch (message.rcode) {
    case RCODE.NOERROR:
    case RCODE.NXDOMAIN:
      return ok(message);
    case RCODE.SERVFAIL:
      return err({ reason: 'servfail', detail: 'SERVFAIL: the server failed to answer, see its log' });
    case RCODE.REFUSED:
      return err({
        reason: 'refused',
        detail: 'REFUSED: the server does not serve this name, or does not serve this client',
      });
    case RCODE.FORMERR:
      return err({ reason: 'formerr', detail: 'FORMERR: the server did not understand the query' });
    default:
      return err({ reason: 'other', detail: `${rcodeName(message.rcode)}: the server did not answer the query` });
  }
}

function silence({ ignored, attempts, timeout }: ExchangeOptions): LookupFailure {
  const waited = `no answer in ${counted(attempts, 'attempt')} of ${inSeconds(timeout)} s`;
  if (ignored.malformed > 0) {
    return { reason: 'malformed', detail: `${waited}, but ${ignored.malformed} malformed packets` };
  }
  if (ignored.mismatch > 0) {
    return { reason: 'mismatch', detail: `${waited}, but ${ignored.mismatch} packets that answer a different query` };
  }
  return { reason: 'timeout', detail: `${waited}: is the server up, and do firewalls let UDP through to it?` };
}
