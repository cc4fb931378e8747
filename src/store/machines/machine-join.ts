import { seconds } from '../../kernel/time.ts';
import { countedState, isForgotten } from '../../leases/state.ts';
import type { JoinColumns } from '../../machines/join-columns.ts';
import { DUPLICATE, KNOWN, type MachineTable, PINNED } from '../../machines/machine-table.ts';
import { isGone } from '../../machines/presence.ts';
import type { Judged, LeaseFacts, MachineFacts, Verdict, VerdictSettings } from '../../machines/types.ts';
import { VERDICTS } from '../../machines/types.ts';
import { judgeMachine, judgeProduct, judgeUnseen, rankOf } from '../../machines/verdict.ts';
import { poolOf } from '../../products/product.ts';
import { LEASE_TABLES, NEVER } from '../database/lease-table-sql.ts';
import { CLASSES, classOf } from '../database/numbering.ts';
import { lastId, num, query, type Row, text } from '../database/rows.ts';
import { ASKS_SO_SINCE_SQL, FLAGS_SQL, OTHER_LICENSE_SQL, ROW_FLAGS } from '../leases/lease-bits.ts';
import { type JoinContext, verdictSettings } from './join-context.ts';
import { SLICE, takeNames } from './join-names.ts';
import { KnownHosts } from './known-hosts.ts';
import { allWords, type ProductWord } from './machine-words.ts';
import { Unactivated } from './unactivated.ts';

/** Bits above those of `FLAGS_SQL`: its machine has asked before, and it is licensed by something else than KMS. */
const ASKED_BEFORE = 1 << 20;
const OTHER = 1 << 21;
const LEASE = `machine, product, ${FLAGS_SQL} | (l.previous <> 0) * ${ASKED_BEFORE} | (${OTHER_LICENSE_SQL}) * ${OTHER},
  last, renewal_at, expiry, host, ${ASKS_SO_SINCE_SQL} AS began, record`;
/** By slices of their numbers: one at a time, rows cost twice as much. */
const LEASES = [
  `SELECT ${LEASE} FROM leases l WHERE l.id > ?1 AND l.id <= ?2 AND l.id NOT IN (SELECT id FROM lease_changes)`,
  `SELECT ${LEASE} FROM lease_changes l WHERE l.id > ?1 AND l.id <= ?2`,
];

/** Joins what hosts, sources and clients say of machines, and judges each. */
export class MachineJoin {
  readonly table: MachineTable;
  readonly hosts: KnownHosts;
  readonly #context: JoinContext;
  readonly #settings: VerdictSettings;
  readonly #unactivated: Unactivated;
  readonly #words = new Map<number, Map<string, ProductWord>>();
  /** Words about products that have a lease. */
  readonly #met = new Set<ProductWord>();
  readonly #columns: JoinColumns;
  readonly #last: MachineTable | undefined;

  /** @param table to fill @param columns to use meanwhile @param last the table of the join before */
  constructor(context: JoinContext, table: MachineTable, columns: JoinColumns, last: MachineTable | undefined) {
    this.table = table;
    this.#columns = columns;
    this.#last = last;
    const { database, names, settings, now } = context;
    this.#context = context;
    this.#settings = verdictSettings(settings);
    this.#unactivated = new Unactivated(context);
    this.hosts = new KnownHosts(database, names.hosts, settings, now);
  }

  /** @yields now and then, so that others have their turn; within one transaction */
  *run(): Generator<void> {
    yield* this.table.clear(this.#last);
    yield* takeNames(this.#context.database, this.table, this.#columns, this.#settings);
    this.#takeWords();
    yield;
    yield* this.#takeLeases();
    yield* this.#judge();
  }

  #takeWords(): void {
    const { database, catalogue } = this.#context;
    for (const [machine, word] of allWords(database, catalogue)) {
      const row = this.#rowOf(machine);
      if (row === -1) continue;
      const words = this.#words.get(row) ?? new Map<string, ProductWord>();
      this.#words.set(row, words);
      const known = words.get(word.activationId);
      if (known === undefined || known.at <= word.at) words.set(word.activationId, word);
    }
    const asks = query(database, 'SELECT machine, answered_at, failed_at FROM client_asks').iterate();
    for (const [machine, answered, failed] of asks) {
      const row = this.#rowOf(text(machine));
      if (row === -1) continue;
      const ask = this.table.asks.get(row) ?? { answered: 0, failed: 0 };
      this.table.asks.set(row, ask);
      ask.answered = Math.max(ask.answered, num(answered));
      ask.failed = Math.max(ask.failed, num(failed));
    }
  }

  #rowOf(machine: string): number {
    const row = this.table.names.indexOf(machine);
    return row === -1 ? -1 : this.table.machineOf(row);
  }

  /** The machine behind a name of the logs; -1 if the name is not there. */
  #ofLogName(no: number): number {
    const row = this.#columns.rowOfLogName.get(no) - 1;
    return row === -1 ? -1 : this.table.machineOf(row);
  }

  *#takeLeases(): Generator<void> {
    const { database } = this.#context;
    const last = Math.max(...LEASE_TABLES.map((table) => lastId(database, table)));
    for (const slice of LEASES.map((sql) => query(database, sql))) {
      for (let id = 0; id < last; id += SLICE) {
        for (const row of slice.all(id, id + SLICE)) this.#takeLease(row);
        yield;
      }
    }
    this.#takeWordsAlone();
    this.#markDuplicates();
  }

  /** Of products without a lease. */
  #takeWordsAlone(): void {
    for (const [row, words] of this.#words) {
      for (const word of words.values()) {
        if (!this.#met.has(word)) this.#take(row, word.hostKey ? 0 : CLASSES.indexOf(word.cls), undefined, word);
      }
    }
  }

  #takeLease(values: Row): void {
    const { settings, now, names } = this.#context;
    const { table } = this;
    const columns = this.#columns;
    const [machine, product, bits, lastRequest, renewalAt, end, host] = values;
    const row = this.#ofLogName(num(machine));
    const flags = num(bits);
    const last = num(lastRequest);
    const isEphemeral = (flags & ROW_FLAGS.ephemeral) !== 0;
    if (row === -1 || isForgotten(last, isEphemeral, now, settings.leases)) return;
    const answered = num(renewalAt);
    columns.answered.put(row, Math.max(columns.answered.get(row), answered));
    if (last > table.lastRequest.get(row)) {
      table.lastRequest.put(row, last);
      table.host.put(row, num(host));
    }
    if ((flags & ROW_FLAGS.exclusion) !== 0) return;
    const expiry = num(end) === NEVER ? 0 : num(end);
    const doubt = (flags & ROW_FLAGS.doubt) !== 0;
    const isOther = (flags & OTHER) !== 0;
    const state = countedState(isOther, expiry, doubt, now, settings.leases);
    const inVain =
      state === 'unactivated' &&
      this.#unactivated.asksInVain(
        num(values[8]),
        poolOf(classOf(flags & ROW_FLAGS.cls)),
        (flags & ASKED_BEFORE) !== 0,
      );
    const facts: LeaseFacts = {
      ...{ state, doubt, failed: (flags & ROW_FLAGS.failed) !== 0, since: num(values[7]), last, inVain },
      ...{ answered, heard: this.hosts.isHeard(num(host)), expiry },
    };
    const words = this.#words.get(row);
    const id = words === undefined ? '' : names.products.name(num(product));
    // Set up again, a machine may have two leases of a product for a while, and its word is about both.
    const word = words?.get(id);
    if (word !== undefined) this.#met.add(word);
    this.#take(row, flags & ROW_FLAGS.cls, facts, word);
  }

  #markDuplicates(): void {
    const clients = 'client IN (SELECT client FROM duplicates)';
    const machines = LEASE_TABLES.map((table) => `SELECT machine FROM ${table} WHERE ${clients}`);
    for (const [machine] of query(this.#context.database, machines.join(' UNION ')).iterate()) {
      const row = this.#ofLogName(num(machine));
      if (row !== -1) this.table.set(row, DUPLICATE);
    }
  }

  /** Takes one product into the verdict of its machine. @param cls as `CLASSES` numbers them */
  #take(row: number, cls: number, lease: LeaseFacts | undefined, word: ProductWord | undefined): void {
    const { table } = this;
    const columns = this.#columns;
    const product = judgeProduct({ lease, word }, this.#factsOf(row), this.#context.now, this.#settings);
    table.set(row, KNOWN);
    if (cls <= 1) {
      const at = Math.max(lease?.last ?? 0, word?.at ?? 0);
      const before = at - columns.windowsAt.get(row);
      if (before < 0 || (before === 0 && rankOf(this.#windowsOf(row)) <= rankOf(product.verdict))) return;
      columns.windowsAt.put(row, at);
      table.windows.put(row, VERDICTS.indexOf(product.verdict) + 1);
      columns.windowsSince.put(row, product.since ?? 0);
      if (word?.hostKey !== true) table.cls.put(row, cls + 1);
      return;
    }
    // The worst of the others, one more than its place.
    const worst = table.verdict.get(row);
    if (worst !== 0 && rankOf(VERDICTS[worst - 1] ?? 'unknown') <= rankOf(product.verdict)) return;
    table.verdict.put(row, VERDICTS.indexOf(product.verdict) + 1);
    table.since.put(row, product.since ?? 0);
  }

  /** `gone`, the least, while no Windows is known. */
  #windowsOf(row: number): Verdict {
    return VERDICTS[this.table.windows.get(row) - 1] ?? 'gone';
  }

  #factsOf(row: number): MachineFacts {
    const { table } = this;
    const base = table.factsOf(row);
    // Only of one that never asked it matters, and names cost time.
    if (base.isInLog || !base.isAlive) return { ...base, areLogsWhole: false, isHost: false };
    const name = table.names.at(row);
    return { ...base, areLogsWhole: this.hosts.reach.areLogsWhole(name), isHost: this.hosts.reach.isHost(name) };
  }

  *#judge(): Generator<void> {
    const { table } = this;
    for (let row = 0; row < table.length; row++) {
      if (row % SLICE === 0) yield;
      if (!table.isMachine(row)) continue;
      this.#conclude(row);
      const host = table.host.get(row);
      if (host === 0 || !this.hosts.reach.hasPublished) continue;
      if (this.hosts.reach.isPinned(table.names.at(row), this.hosts.nameOf(host))) table.set(row, PINNED);
    }
  }

  #conclude(row: number): void {
    const { table } = this;
    const columns = this.#columns;
    const { now } = this.#context;
    const answered = Math.max(columns.answered.get(row), table.asks.get(row)?.answered ?? 0);
    if (isGone(table.flags.get(row), answered, now, this.#settings)) {
      this.#put(row, 'gone', table.seen.get(row));
      return;
    }
    const windows = judgedAt(table.windows.get(row), columns.windowsSince.get(row));
    const worst = judgedAt(table.verdict.get(row), table.since.get(row));
    const isHost = windows === undefined && this.hosts.reach.isHost(table.names.at(row));
    const { verdict, since } =
      windows === undefined && worst === undefined
        ? judgeUnseen({ ...this.#factsOf(row), isHost }, now, this.#settings)
        : judgeMachine(windows, worst === undefined ? [] : [worst]);
    this.#put(row, verdict, since ?? 0);
  }

  #put(row: number, verdict: Verdict, since: number): void {
    this.table.verdict.put(row, VERDICTS.indexOf(verdict));
    this.table.since.put(row, since);
  }
}

/** @param place one more than that in `VERDICTS` */
function judgedAt(place: number, since: number): Judged | undefined {
  const verdict = VERDICTS[place - 1];
  return verdict === undefined ? undefined : { verdict, since: since === 0 ? undefined : seconds(since) };
}
