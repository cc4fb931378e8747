import { err, ok, type Result } from '../kernel/result.ts';
import { millis } from '../kernel/time.ts';
import type { CacheEntry, Family } from './address-cache.ts';
import type { LookupOptions } from './exchange.ts';
import { type Found, lookUp } from './lookup.ts';
import { decodeAddresses } from './record-data.ts';
import type { LookupFailure, NameServer } from './types.ts';

/** Far more than a host has: what a forged answer could make a probe connect to. */
const MAX_ADDRESSES = 32;

/** The servers in the order in which they are asked: the one that answered last comes first. */
export interface Rotation {
  servers: readonly NameServer[];
}

/** What was found, and for how many seconds it may be remembered. */
export interface FamilyAnswer {
  readonly entry: CacheEntry;
  readonly ttl: number | undefined;
}

/**
 * Looks up the addresses of one family: each server in turn, then again, until one answers. Only the first turn goes with
 * EDNS0, as some firewalls drop queries that have it. Ends within `timeout` times the larger of `attempts` and the number of servers.
 */
export async function lookUpFamily(
  rotation: Rotation,
  name: string,
  family: Family,
  options: LookupOptions,
): Promise<Result<FamilyAnswer, LookupFailure>> {
  const { clock, timeout, attempts } = options;
  const { servers } = rotation;
  const deadline = clock.monotonic() + timeout * Math.max(attempts, servers.length);
  let failure: LookupFailure = { reason: 'network', detail: 'no name server is known: set discovery.servers' };
  const turns = Array.from({ length: attempts }, (_, turn) => servers.map((server) => ({ server, edns: turn === 0 })));
  for (const { server, edns } of turns.flat()) {
    const wait = millis(Math.min(timeout, deadline - clock.monotonic()));
    if (wait <= 0 || options.signal.aborted) break;
    const patience = { ...options, timeout: wait, attempts: 1 };
    const { result } = await lookUp(server, name, family === 4 ? 'A' : 'AAAA', patience, edns);
    if (result.ok) {
      if (rotation.servers[0] !== server) rotation.servers = [server, ...servers.filter((other) => other !== server)];
      return ok(readAnswer(result.value, family));
    }
    failure = { reason: result.error.reason, detail: `${server.label}: ${result.error.detail}` };
  }
  return err(failure);
}

function readAnswer({ status, records, message, ttl }: Found, family: Family): FamilyAnswer {
  const decoded = decodeAddresses(message.bytes, records).filter((record) => record.family === family);
  const addresses = [...new Set(decoded.map(({ address }) => address))].slice(0, MAX_ADDRESSES);
  // Records that cannot be read are no addresses.
  return { entry: { status: status === 'records' && addresses.length === 0 ? 'nodata' : status, addresses }, ttl };
}
