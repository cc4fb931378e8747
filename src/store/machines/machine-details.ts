import { MINUTE_S, rfc3339OfSeconds, rfc3339OrNull } from '../../kernel/time.ts';
import { ephemeralNames } from '../../leases/duplicates.ts';
import { expiryOf } from '../../leases/expiry.ts';
import { bareNamesOf, isBare } from '../../leases/machines.ts';
import { isCounted, isForgotten, stateOf } from '../../leases/state.ts';
import { adviceOf } from '../../machines/advice.ts';
import type { MachineJson, MachineProduct, MachineSource } from '../../machines/machine-json.ts';
import { DUPLICATE, type MachineTable, PINNED } from '../../machines/machine-table.ts';
import type { LeaseFacts, MachineFacts } from '../../machines/types.ts';
import { judgeProduct } from '../../machines/verdict.ts';
import { LICENSE_STATUSES } from '../../products/license-status.ts';
import { num, type Query, query, type Row, text } from '../database/rows.ts';
import type { LeasePages } from '../reading/lease-pages.ts';
import type { StoredLease } from '../reading/read-lease.ts';
import { type JoinContext, verdictSettings } from './join-context.ts';
import type { KnownHosts } from './known-hosts.ts';
import { type ProductWord, WORDS, wordOf } from './machine-words.ts';
import { Unactivated } from './unactivated.ts';

/** All that is known of a machine, read when it is shown. */
export class MachineDetails {
  readonly #table: MachineTable;
  readonly #hosts: KnownHosts;
  readonly #context: JoinContext;
  readonly #pages: LeasePages;
  readonly #unactivated: Unactivated;
  readonly #rows: Query;
  readonly #words: Query;
  readonly #numbers: Query;
  /** Of the machines of a page, by row. */
  #leases: ReadonlyMap<number | undefined, readonly StoredLease[]> = new Map();

  constructor(table: MachineTable, hosts: KnownHosts, context: JoinContext, pages: LeasePages) {
    this.#table = table;
    this.#hosts = hosts;
    this.#context = context;
    this.#pages = pages;
    this.#unactivated = new Unactivated(context);
    this.#words = query(context.database, WORDS);
    this.#numbers = query(context.database, 'SELECT id FROM machines WHERE name = ?');
    this.#rows = query(
      context.database,
      `SELECT s.name, r.seen, r.word_at < s.read_at, r.disabled, r.system, r.other_names, r.word_at
       FROM inventory_rows r JOIN inventory_sources s ON s.id = r.source WHERE r.machine = ? ORDER BY r.word_at DESC`,
    );
  }

  /** Those of a page. */
  all(rows: readonly number[]): readonly MachineJson[] {
    const rowOf = new Map(
      rows.flatMap((row) =>
        this.#namesOf(row).flatMap((name) => this.#numbers.nums(name).map((no) => [no, row] as const)),
      ),
    );
    // One question for the leases of all of them: each costs more to ask than to answer.
    this.#leases = Map.groupBy(this.#pages.ofMachines([...rowOf.keys()]), ({ lease }) =>
      rowOf.get(lease.last.machineNo),
    );
    return rows.map((row) => this.#of(row));
  }

  #of(row: number): MachineJson {
    const table = this.#table;
    const verdict = table.verdictOf(row);
    const names = this.#namesOf(row);
    const stored = names.flatMap((name) => this.#rows.all(name)).sort((a, b) => num(b[6]) - num(a[6]));
    const said = stored.flatMap((one) => (one[5] === null ? [] : (JSON.parse(text(one[5])) as string[])));
    const host = table.host.get(row);
    const [machine = ''] = names;
    const products = this.#products(row, names);
    const duplicate = table.has(row, DUPLICATE);
    return {
      machine,
      other_names: [...new Set([...names.slice(1), ...said])].filter((name) => name !== machine),
      verdict,
      since: rfc3339OrNull(table.since.get(row)),
      system: stored.map((one) => one[4]).find((system): system is string => typeof system === 'string') ?? null,
      sources: [...Map.groupBy(stored, ([source]) => text(source))].map(sourceOf),
      last_request: rfc3339OrNull(table.lastRequest.get(row)),
      host: host === 0 ? null : this.#hosts.nameOf(host),
      pinned: table.has(row, PINNED),
      products,
      duplicate,
      advice: adviceOf({ verdict, products, duplicate }),
    };
  }

  /** Its own name, and the bare ones that mean it. */
  #namesOf(row: number): readonly string[] {
    const { names } = this.#table;
    const name = names.at(row);
    const bare = isBare(name) ? [] : bareNamesOf(name).filter((other) => this.#means(names.indexOf(other), row));
    return [name, ...bare];
  }

  #means(other: number, row: number): boolean {
    return other !== -1 && this.#table.machineOf(other) === row;
  }

  #products(row: number, names: readonly string[]): readonly MachineProduct[] {
    const { catalogue, now, settings } = this.#context;
    const isEphemeral = ephemeralNames(settings.leases.ephemeral);
    const words = new Map(
      names
        .flatMap((name) => this.#words.all(name).map((said) => wordOf(said, catalogue)))
        .sort((a, b) => a.at - b.at)
        .map((word) => [word.activationId, word]),
    );
    const leases = (this.#leases.get(row) ?? []).filter(
      ({ lease }) => !isForgotten(lease.last.time, isEphemeral(lease.last.machine), now, settings.leases),
    );
    const products = leases.flatMap((stored) => this.#ofLease(row, stored, words));
    for (const { activation_id } of products) words.delete(activation_id);
    return [...products, ...[...words.values()].map((word) => this.#ofWord(row, word))];
  }

  #ofLease(
    row: number,
    { lease, excluded }: StoredLease,
    words: ReadonlyMap<string, ProductWord>,
  ): readonly MachineProduct[] {
    const { catalogue, now, settings } = this.#context;
    const state = stateOf(lease, excluded, now, settings.leases);
    if (!isCounted(state)) return [];
    const word = words.get(lease.activationId);
    const expiry = expiryOf(lease)?.time;
    const facts: LeaseFacts = {
      ...{ state, doubt: lease.doubt, failed: lease.last.hresult !== 0, since: lease.first, last: lease.last.time },
      inVain: state === 'unactivated' && this.#unactivated.isInVain(lease.last, lease.previous !== undefined),
      ...{ answered: lease.renewal?.time ?? 0, expiry: expiry ?? 0 },
      heard: this.#hosts.isHeard(lease.last.hostNo),
    };
    return [
      {
        activation_id: lease.activationId,
        product: catalogue.nameOf(lease.activationId),
        verdict: this.#judge(row, facts, word),
        // Of a product of unknown pool nobody can tell what an answer is worth.
        state: state === 'unactivated' && !facts.failed && lease.last.pool === undefined ? 'unknown' : state,
        way: word?.way ?? null,
        expiry: expiry === undefined ? null : rfc3339OfSeconds(expiry),
      },
    ];
  }

  #ofWord(row: number, word: ProductWord): MachineProduct {
    const { at, minutes, status, way, activationId, product } = word;
    return {
      activation_id: activationId,
      product,
      verdict: this.#judge(row, undefined, word),
      state: status === null ? 'unknown' : (LICENSE_STATUSES[status] ?? 'unknown'),
      way,
      expiry: minutes === null || minutes === 0 ? null : rfc3339OrNull(at + minutes * MINUTE_S),
    };
  }

  #judge(row: number, lease: LeaseFacts | undefined, word: ProductWord | undefined) {
    const { now, settings } = this.#context;
    if (this.#table.verdictOf(row) === 'gone') return 'gone';
    return judgeProduct({ lease, word }, this.#factsOf(row), now, verdictSettings(settings)).verdict;
  }

  #factsOf(row: number): MachineFacts {
    const name = this.#table.names.at(row);
    return {
      ...this.#table.factsOf(row),
      ...{ areLogsWhole: this.#hosts.reach.areLogsWhole(name), isHost: this.#hosts.reach.isHost(name) },
    };
  }
}

/** A source that has used several names of a machine says what it said last. @param rows the newest word first */
function sourceOf([source, rows]: readonly [string, readonly Row[]]): MachineSource {
  return {
    source,
    last_seen: rfc3339OrNull(Math.max(...rows.map(([, seen]) => num(seen)))),
    disabled: rows[0]?.[3] === 1,
    absent: rows.every(([, , absent]) => absent === 1),
  };
}
