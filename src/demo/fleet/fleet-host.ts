import { DAY_S, HOUR_S, MINUTE_S, rfc3339OfSeconds, seconds } from '../../kernel/time.ts';
import { HostCount } from './host-count.ts';
import { formatHresult, type LogRecord, type RequestFields, requestData } from './log-record.ts';
import { type HostPlan, isDuring } from './plan.ts';
import { type ClientProduct, HOST_KEYS, type HostKeyName } from './products.ts';
import type { Actor } from './schedule.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What a client asks for, and in which state it is. */
export type Question = Omit<RequestFields, 'hresult' | 'nPolicy' | 'activationId'> & {
  readonly product: ClientProduct;
  readonly time: number;
};

export interface HostAnswer {
  /** 0: it was counted. */
  readonly hresult: number;
  /** The count that it answers; capped. */
  readonly count: number;
}

/** What a key's clients asked since the host was installed. */
export interface KeyCounters {
  total: number;
  failed: number;
  /** By the licence status that they reported. */
  readonly byStatus: number[];
}

const NOT_ACTIVATED = 0xc004f041;
const KEY_DOES_NOT_COVER = 0xc004f042;
const WRONG_TIME = 0xc004f06c;
/** Before anybody has asked: of servers and Office. */
const DEFAULT_NEED = 5;
/** Clocks may be that far apart (Microsoft, "Error 0xC004F074 when you activate Windows"). */
const MAX_SKEW = 4 * HOUR_S;
/** Reasons of a host's own troubles: access denied; DNS_ERROR_RCODE_BADSIG. */
const ACCESS_DENIED = 0x80070005;
const DNS_BAD_SIGNATURE = 0x80072338;
/** Active Directory's default: seven days without refresh, and seven in which it may be refreshed. */
const SCAVENGED_AFTER = 14;

/** A host as its log shows it: what it writes for each client that comes, and once a day of itself. */
export class FleetHost implements Actor {
  readonly plan: HostPlan;
  readonly counters = new Map<HostKeyName, KeyCounters>();
  #count = new HostCount();
  #isRebuilt = false;
  readonly #domain: string;
  readonly #start: number;
  readonly #emit: (record: LogRecord) => void;
  readonly #random: SeededRandom;
  #next: number;
  #records = { 'Key Management Service': 0, Application: 0 };

  constructor(plan: HostPlan, domain: string, start: number, random: SeededRandom, emit: (record: LogRecord) => void) {
    this.plan = plan;
    this.#domain = domain;
    this.#start = start;
    this.#random = random;
    this.#emit = emit;
    this.#next = start + random.int(DAY_S);
    for (const key of plan.keys) this.counters.set(key, { total: 0, failed: 0, byStatus: Array(7).fill(0) });
  }

  /** When it registers its DNS record again: once every 24 hours. */
  get next(): number {
    return this.#next;
  }

  isUp(time: number): boolean {
    return !this.#has('down', time) && !this.#has('service_failed', time);
  }

  isActivated(time: number): boolean {
    return !this.#has('not_activated', time);
  }

  /** The keys that it has. */
  keysAt(time: number): readonly HostKeyName[] {
    if (!this.#has('key_lost', time)) return this.plan.keys;
    return this.plan.keys.filter((key) => HOST_KEYS[key].pool !== 'windows');
  }

  /** Whether DNS has its record. */
  isPublished(time: number): boolean {
    return !this.#has('record_lost', time) && !this.#has('publishing_failed', time, SCAVENGED_AFTER);
  }

  /** The count of one of its pools as it reports it; undefined when nobody has asked yet. */
  countOf(key: HostKeyName, time: number): number | undefined {
    this.#beginAgain(time);
    return this.#count.at(HOST_KEYS[key].pool, time);
  }

  /** How many clients the most demanding one needs that has asked for something that the key's pool counts. */
  requiredFor(key: HostKeyName): number {
    return this.#count.largestNeed(HOST_KEYS[key].pool) ?? DEFAULT_NEED;
  }

  /** A client that had asked before the log begins. Must come in order of time, and before any question. */
  remember(product: ClientProduct, clientId: string, time: number): void {
    this.#count.contact(HOST_KEYS[product.key].pool, clientId, product.nPolicy, time);
  }

  /** Writes down that a client came, and what the host answered. */
  ask(question: Question): HostAnswer {
    const { product, time, clientId } = question;
    this.#beginAgain(time);
    const { nPolicy, activationId } = product;
    const hresult = this.#resultFor(question);
    const pool = HOST_KEYS[product.key].pool;
    const count = hresult === 0 ? this.#count.contact(pool, clientId, nPolicy, time) : 0;
    this.#tally(question, hresult);
    this.#log(12290, time, requestData({ ...question, hresult, nPolicy, activationId }));
    return { hresult, count };
  }

  act(): void {
    const time = this.#next;
    this.#beginAgain(time);
    this.#next = time + DAY_S + this.#random.between(-2 * MINUTE_S, 2 * MINUTE_S);
    if (this.#has('down', time)) return;
    if (this.#has('service_failed', time)) this.#log(12291, time, [formatHresult(ACCESS_DENIED)]);
    else if (this.#has('publishing_failed', time))
      this.#log(12293, time, [formatHresult(DNS_BAD_SIGNATURE), this.#domain]);
    else this.#log(12294, time, [this.#domain]);
  }

  /** A host that was reinstalled knows nobody, and its log is a new one. */
  #beginAgain(time: number): void {
    if (this.#isRebuilt || !this.#has('rebuilt', time)) return;
    this.#isRebuilt = true;
    this.#count = new HostCount();
    this.#records = { 'Key Management Service': 0, Application: 0 };
    for (const counters of this.counters.values()) {
      Object.assign(counters, { total: 0, failed: 0, byStatus: Array(7).fill(0) });
    }
  }

  #resultFor({ product, time, clientTime }: Question): number {
    if (Math.abs(clientTime - time) > MAX_SKEW) return WRONG_TIME;
    if (!this.isActivated(time)) return NOT_ACTIVATED;
    return this.keysAt(time).includes(product.key) ? 0 : KEY_DOES_NOT_COVER;
  }

  #tally({ product, status }: Question, hresult: number): void {
    // A product that no key covers is counted by the first.
    const counters = this.counters.get(product.key) ?? this.counters.values().next().value;
    if (counters === undefined) return;
    counters.total += 1;
    if (hresult !== 0) counters.failed += 1;
    counters.byStatus[status] = (counters.byStatus[status] ?? 0) + 1;
  }

  #log(id: LogRecord['event_id'], time: number, data: readonly string[]): void {
    const channel = id === 12290 ? 'Key Management Service' : 'Application';
    // Others write to the log named Application as well.
    this.#records[channel] += id === 12290 ? 1 : this.#random.between(80, 400);
    if (this.#has('log_lost', time)) return;
    const { name: host } = this.plan;
    this.#emit({
      host,
      channel,
      record_id: this.#records[channel],
      time: rfc3339OfSeconds(seconds(time)),
      event_id: id,
      data,
    });
  }

  #has(kind: string, time: number, days = 0): boolean {
    const { trouble } = this.plan;
    return trouble?.kind === kind && isDuring(trouble, (time - this.#start) / DAY_S - days);
  }
}
