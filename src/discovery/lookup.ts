import { lookup as systemLookup } from 'node:dns/promises';
import { isAddress } from '../kernel/address.ts';
import { within } from '../kernel/deadline.ts';
import { parseHostName } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { millis } from '../kernel/time.ts';
import { type Chain, followAliases, lameness, MAX_ALIASES } from './chain.ts';
import { type QueryType, RCODE } from './constants.ts';
import { DnsFormatError } from './errors.ts';
import { type ExchangeOptions, exchange, type LookupOptions, type ServerAddress } from './exchange.ts';
import type { Message, WireRecord } from './message.ts';
import { negativeTtl } from './record-data.ts';
import type { LookupFailure, NameServer } from './types.ts';

/** What a server said of a name and type. */
export interface Found {
  readonly status: 'records' | 'nodata' | 'nxdomain';
  /** Undecoded, of the wanted type, of the name behind all aliases; empty unless the status is `records`. */
  readonly records: readonly WireRecord[];
  /** The message that they are in. */
  readonly message: Message;
  /** Seconds it may be remembered for; undefined for an absence of which the server does not say it. */
  readonly ttl: number | undefined;
}

/** One name and type looked up at one server, aliases followed. */
export interface Lookup {
  readonly ignored: { readonly malformed: number; readonly mismatch: number };
  readonly result: Result<Found, LookupFailure>;
}

/** Looks a name up at one server. Ends within `timeout` times `attempts`, whatever happens. */
export async function lookUp(
  server: NameServer,
  name: string,
  type: QueryType,
  options: LookupOptions,
  edns = true,
): Promise<Lookup> {
  const ignored = { malformed: 0, mismatch: 0 };
  const deadline = millis(options.clock.monotonic() + options.timeout * options.attempts);
  const address = await locate(server, options);
  if (!address.ok) return { ignored, result: address };
  return { ignored, result: await chase(address.value, name, type, { ...options, deadline, edns, ignored }) };
}

/** Asks, and asks again for the target of an alias when the server has left it to the client to go on. */
async function chase(
  server: ServerAddress,
  name: string,
  type: QueryType,
  options: ExchangeOptions,
): Promise<Result<Found, LookupFailure>> {
  let asked = name;
  let ttl = Number.POSITIVE_INFINITY;
  for (let aliases = 0; aliases <= MAX_ALIASES; ) {
    const answer = await exchange(server, asked, type, options);
    if (!answer.ok) return asked === name ? answer : err(ofAlias(answer.error, asked));
    const chain = follow(answer.value, asked, type);
    if (!chain.ok) return chain;
    ttl = Math.min(ttl, chain.value.ttl);
    aliases += chain.value.aliases;
    if (aliases > MAX_ALIASES) break;
    const found = conclude(answer.value, chain.value, ttl);
    if (found !== undefined) return found;
    const target = parseHostName(chain.value.name);
    if (!target.ok) return err({ reason: 'malformed', detail: `an alias to an invalid name: ${target.error}` });
    asked = target.value;
  }
  return err({ reason: 'other', detail: `more than ${MAX_ALIASES} aliases (CNAME) in a row: a loop?` });
}

function follow(message: Message, asked: string, type: QueryType) {
  try {
    return ok(followAliases(message, asked, type));
  } catch (error) {
    if (!(error instanceof DnsFormatError)) throw error;
    return err({ reason: 'malformed', detail: `a malformed alias: ${error.message}` } as const);
  }
}

/** @returns undefined when the answer ends with an alias, of whose target it does not tell */
function conclude(
  message: Message,
  { records, aliases }: Chain,
  ttl: number,
): Result<Found, LookupFailure> | undefined {
  // RFC 2308 2.1: with aliases, the rcode is that of the last name.
  if (message.rcode === RCODE.NXDOMAIN) return ok(absent('nxdomain', message));
  if (records.length > 0) return ok({ status: 'records', records, message, ttl: smallestTtl(records, ttl) });
  if (aliases > 0) return undefined;
  const lame = lameness(message);
  return lame === undefined ? ok(absent('nodata', message)) : err({ reason: 'other', detail: lame });
}

function absent(status: 'nodata' | 'nxdomain', message: Message): Found {
  return { status, records: [], message, ttl: negativeTtl(message) };
}

function smallestTtl(records: readonly WireRecord[], limit: number): number {
  return records.reduce((smallest, { ttl }) => Math.min(smallest, ttl), limit);
}

function ofAlias({ reason, detail }: LookupFailure, name: string): LookupFailure {
  return { reason, detail: `for the alias target ${name}: ${detail}` };
}

/** A server that is configured by name is the system's to find, as it was before there were servers of ours. */
async function locate(server: NameServer, options: LookupOptions): Promise<Result<ServerAddress, LookupFailure>> {
  const { host, port } = server;
  if (isAddress(host)) return ok({ address: host, port });
  const lookup = systemLookup(host).catch(() => undefined);
  const found = await within(lookup, options.timeout, options.signal);
  if (found !== undefined) return ok({ address: found.address, port });
  return err({ reason: 'network', detail: `the system cannot resolve the name of the name server, ${host}` });
}
