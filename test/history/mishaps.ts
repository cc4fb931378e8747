import type { LookupFailureReason } from '../../src/discovery/types.ts';
import { DAY_S, HOUR_S, MINUTE_S } from '../../src/kernel/time.ts';
import type { ProbeOutcome } from '../../src/probe/types.ts';

/** Something that was wrong for a while; seconds before the end of the history. */
interface Spell {
  readonly since: number;
  readonly until: number;
}

export const NAME_SERVERS = ['10.0.0.53', '10.0.1.53'] as const;

/** Hosts beside those of the fleet, as the demo has them. */
const ODD_ONES: ReadonlyMap<string, ProbeOutcome> = new Map([
  ['kms02.corp.example', 'refused'],
  ['kms03.corp.example', 'not_rpc'],
  ['kms04.corp.example', 'ok'],
  ['kms99.corp.example', 'ok'],
]);
export const IMPOSTOR = 'kms04.corp.example';
const UNEXPECTED = 'kms99.corp.example';

/** The records in DNS besides the hosts of the fleet. */
export const ODD_RECORDS = [...ODD_ONES.keys()].map((host) => `${host}:1688/0/0`);
export const ODD_EXPECTED = [...ODD_ONES.keys()].filter((host) => host !== UNEXPECTED);

const STANDBY = 'kms05.corp.example';
const STANDBY_DOWN: readonly Spell[] = [
  { since: 5 * DAY_S + 4 * HOUR_S, until: 5 * DAY_S + HOUR_S },
  { since: 30 * HOUR_S, until: 30 * HOUR_S - 40 * MINUTE_S },
];
const SERVER_SILENT: readonly Spell[] = [
  { since: 11 * DAY_S, until: 11 * DAY_S - 3 * HOUR_S },
  { since: 20 * HOUR_S, until: 20 * HOUR_S - 25 * MINUTE_S },
  { since: 160 * MINUTE_S, until: 154 * MINUTE_S },
];
/** The record of the standby was deleted by mistake. */
const STANDBY_UNPUBLISHED: readonly Spell[] = [{ since: 29.5 * HOUR_S, until: 25 * HOUR_S }];
/** A record was changed at one server, and reached the other one late. */
const REPLICATION_LATE: readonly Spell[] = [{ since: 28 * HOUR_S, until: 23 * HOUR_S }];
const REPORT_LOST: readonly Spell[] = [{ since: 3 * DAY_S, until: 3 * DAY_S - 2 * HOUR_S }];
const RELOAD_FAILED: readonly Spell[] = [{ since: 9 * HOUR_S, until: 9 * HOUR_S - 12 * MINUTE_S }];

/** The faults around the hosts at a moment, besides those of the fleet itself. @param before seconds before the end */
export class Mishaps {
  readonly #before: number;

  constructor(before: number) {
    this.#before = before;
  }

  outcomeOf(host: string, isUp: boolean): ProbeOutcome {
    const odd = ODD_ONES.get(host);
    if (odd !== undefined) return odd;
    if (host === STANDBY && this.#in(STANDBY_DOWN)) return 'filtered';
    return isUp ? 'ok' : 'filtered';
  }

  lookupFailure(server: string): LookupFailureReason | undefined {
    return server === NAME_SERVERS[1] && this.#in(SERVER_SILENT) ? 'timeout' : undefined;
  }

  /** Whether single lookups may fail by chance: not at the end, so that conditions that are open there last. */
  get isDnsUnsteady(): boolean {
    return this.#before > 3 * HOUR_S;
  }

  /** Records as one server has them. */
  publishedAt(server: string, records: readonly string[]): readonly string[] {
    const isLate = server === NAME_SERVERS[1] && this.#in(REPLICATION_LATE);
    const absent = [...(isLate ? ['kms02.'] : []), ...(this.#in(STANDBY_UNPUBLISHED) ? [STANDBY] : [])];
    return records.filter((record) => !absent.some((host) => record.startsWith(host)));
  }

  get isReportLost(): boolean {
    return this.#in(REPORT_LOST);
  }

  get isReloadFailed(): boolean {
    return this.#in(RELOAD_FAILED);
  }

  #in(spells: readonly Spell[]): boolean {
    return spells.some(({ since, until }) => this.#before <= since && this.#before > until);
  }
}
