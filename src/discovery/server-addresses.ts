import pLimit from 'p-limit';
import { within } from '../kernel/deadline.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { millis, SECOND_MS } from '../kernel/time.ts';
import { AddressCache, type CacheEntry, type Family } from './address-cache.ts';
import type { LookupOptions } from './exchange.ts';
import { type Found, lookUp } from './lookup.ts';
import { decodeAddresses } from './record-data.ts';
import type { AddressRecord, LookupFailure, LookupFailureReason, NameServer } from './types.ts';

/** RFC 8767 5: so long a fresh answer is waited for while an old one is at hand, in milliseconds. */
export const STALE_WAIT = millis(1800);
/** At once: more would overflow a name server's receive buffer, and each lost packet costs a timeout. */
const MAX_LOOKUPS = 128;
/** Far more than a host has: what a forged answer could make a probe connect to. */
const MAX_ADDRESSES = 32;

/** A server is silent after this many lookups without an answer in a row; then one in this many milliseconds tries it. */
const SILENT_AFTER = 3;
const RETRY = 30 * SECOND_MS;
const UNANSWERED: ReadonlySet<LookupFailureReason> = new Set(['timeout', 'network']);

interface Silence {
  readonly lookups: number;
  readonly failure: LookupFailure;
  /** On the monotonic scale: when it is tried again. */
  readonly retry: number;
}

/**
 * What one name server says of addresses, and said within a day: while it gives no answer, that still serves (RFC 8767).
 * That a name does not exist is believed at once.
 */
export class ServerAddresses {
  readonly server: NameServer;
  readonly #options: LookupOptions;
  readonly #cache = new AddressCache();
  readonly #limit = pLimit(MAX_LOOKUPS);
  readonly #underWay = new Map<string, Promise<Result<CacheEntry, LookupFailure>>>();
  /** By family: some boxes drop queries of one family alone. */
  readonly #silences = new Map<Family, Silence>();

  constructor(server: NameServer, options: LookupOptions) {
    this.server = server;
    this.#options = options;
  }

  /** Whether it has left the last lookups of this family without an answer: nobody should wait for it. */
  isSilent(family: Family): boolean {
    return (this.#silences.get(family)?.lookups ?? 0) >= SILENT_AFTER;
  }

  /** Ends within `timeout` times `attempts`; soon when the answer is remembered. */
  async lookUp(name: string, family: Family): Promise<Result<CacheEntry, LookupFailure>> {
    const { clock, signal } = this.#options;
    const fresh = this.#cache.fresh(name, family, clock.monotonic());
    if (fresh !== undefined) return ok(fresh);
    const old = this.#cache.lastKnown(name, family, clock.monotonic());
    const asked = this.#ask(name, family);
    if (old === undefined) return asked;
    const answer = await within(asked, STALE_WAIT, signal);
    if (answer?.ok === true) return answer;
    this.#cache.hold(name, family, old, clock.monotonic());
    return ok(old);
  }

  /** Takes in addresses that came along with other records. They count less than an answer (RFC 2181 5.4.1). */
  learn(glue: readonly AddressRecord[]): void {
    const now = this.#options.clock.monotonic();
    for (const [, records] of Map.groupBy(glue, ({ name, family }) => `${family} ${name}`)) {
      const [first] = records;
      if (first === undefined || this.#cache.fresh(first.name, first.family, now) !== undefined) continue;
      const addresses = [...new Set(records.map(({ address }) => address))];
      const ttl = Math.min(...records.map((record) => record.ttl));
      this.#cache.store(first.name, first.family, { status: 'records', addresses }, ttl, now);
    }
  }

  /** Goes on when nobody waits any more, to know the answer the next time; so it must not be begun twice. */
  #ask(name: string, family: Family): Promise<Result<CacheEntry, LookupFailure>> {
    const key = `${family} ${name}`;
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const work = this.#limit(() => this.#askOnce(name, family)).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, work);
    return work;
  }

  async #askOnce(name: string, family: Family): Promise<Result<CacheEntry, LookupFailure>> {
    const { clock } = this.#options;
    const silence = this.#silences.get(family);
    if (silence !== undefined && silence.lookups >= SILENT_AFTER) {
      if (clock.monotonic() < silence.retry) return err(silence.failure);
      this.#silences.set(family, { ...silence, retry: clock.monotonic() + RETRY });
    }
    const { result } = await lookUp(this.server, name, family === 4 ? 'A' : 'AAAA', this.#options);
    this.#note(family, result);
    if (!result.ok) return result;
    const entry = readAnswer(result.value, family);
    this.#cache.store(name, family, entry, result.value.ttl, clock.monotonic());
    return ok(entry);
  }

  #note(family: Family, result: Result<unknown, LookupFailure>): void {
    if (result.ok || !UNANSWERED.has(result.error.reason)) {
      this.#silences.delete(family);
      return;
    }
    const lookups = (this.#silences.get(family)?.lookups ?? 0) + 1;
    this.#silences.set(family, {
      lookups,
      failure: result.error,
      retry: this.#options.clock.monotonic() + RETRY,
    });
  }
}

function readAnswer({ status, records, message }: Found, family: Family): CacheEntry {
  const decoded = decodeAddresses(message.bytes, records).filter((record) => record.family === family);
  const addresses = [...new Set(decoded.map(({ address }) => address))].slice(0, MAX_ADDRESSES);
  // Records that cannot be read are no addresses.
  return { status: status === 'records' && addresses.length === 0 ? 'nodata' : status, addresses };
}
