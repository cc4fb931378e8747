import { countOf, isKnown } from '../../leases/count.ts';
import { HostPool, type HostPoolState } from '../../leases/host-pool.ts';
import { Spells } from '../../leases/spells.ts';
import type { CountAtTime } from '../../leases/story.ts';
import type { Pool } from '../../leases/types.ts';
import { POOLS } from '../database/numbering.ts';
import { type Query, query, text } from '../database/rows.ts';
import type { StoredRequest } from '../history/records.ts';
import { Reports } from '../history/reports.ts';
import type { HostLogStatus } from '../leases/host-log-status.ts';
import { StoredPoolHistory } from '../leases/pool-history.ts';
import type { ReadContext } from './read-context.ts';

type CountContext = Pick<ReadContext, 'database' | 'names' | 'records' | 'settings'>;

/** The count of a host at a time. Make one for each question, as it keeps the census of each host that it has read. */
export class CountsAtTime {
  readonly #context: CountContext;
  readonly #reports: Reports;
  readonly #state: Query;
  readonly #log: Query;
  readonly #histories = new Map<string, StoredPoolHistory>();
  readonly #logs = new Map<number, HostLogStatus>();

  constructor(context: CountContext) {
    const { database } = context;
    this.#context = context;
    this.#reports = new Reports(database);
    this.#state = query(database, 'SELECT state FROM host_pools WHERE host = ? AND pool = ?');
    this.#log = query(database, 'SELECT log_status FROM hosts WHERE id = ?');
  }

  /** Undefined without a pool. */
  of({
    hostNo,
    pool,
    time,
    activationId,
    nPolicy,
  }: Pick<StoredRequest, 'hostNo' | 'pool' | 'time' | 'activationId' | 'nPolicy'>): CountAtTime | undefined {
    if (pool === undefined) return undefined;
    const facts = this.#historyOf(hostNo, pool).countAt(time, activationId);
    return { value: countOf(facts), known: isKnown(facts, nPolicy), isOwn: facts.own?.exact === true };
  }

  #historyOf(host: number, name: Pool): StoredPoolHistory {
    const key = `${host} ${name}`;
    const known = this.#histories.get(key);
    if (known !== undefined) return known;
    const row = this.#state.get(host, POOLS.indexOf(name));
    const state: HostPoolState | undefined = row && JSON.parse(text(row[0]));
    const { records, settings, names } = this.#context;
    const history = new StoredPoolHistory(new HostPool(0, host, name, state), {
      ...{ reports: this.#reports, contacts: records.contacts, staleAfter: settings.reportStaleAfter },
      logOf: (no) => this.#logOf(no),
      askedOf: (no) => new Spells(this.#logOf(no).asked),
      productOf: (no) => names.products.name(no),
    });
    this.#histories.set(key, history);
    return history;
  }

  #logOf(host: number): HostLogStatus {
    const known = this.#logs.get(host);
    if (known !== undefined) return known;
    const log: HostLogStatus = JSON.parse(text(this.#log.get(host)?.[0] ?? '{}'));
    this.#logs.set(host, log);
    return log;
  }
}
