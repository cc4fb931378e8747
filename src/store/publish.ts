import { CENSUS_WINDOW } from '../leases/census-window.ts';
import { breachTime, isKnown, marginOf, type Standing, spans } from '../leases/margin.ts';
import { isPresent } from '../leases/presence.ts';
import { stalledRatio } from '../leases/stalled.ts';
import { finishTally } from '../leases/tally.ts';
import { tolerated } from '../leases/tolerated.ts';
import type { ThresholdClass } from '../leases/types.ts';
import type {
  Aggregates,
  ClassAggregates,
  HostAggregates,
  IngestResult,
  IngestSource,
  MarginAggregates,
  PoolAggregates,
  RequestCount,
  SoonestLease,
} from './aggregates.ts';
import { CLASSES, classOf } from './catalogue.ts';
import type { Home } from './home.ts';
import type { HostMarks } from './marks.ts';
import { findSoonest, type Soonest } from './soonest.ts';
import type { State } from './state.ts';

const CLASSES_OF = { windows: ['client', 'server'], office: ['office'] } as const satisfies Record<
  Home['pool'],
  readonly ThresholdClass[]
>;

/** Makes the picture that `/metrics` is written from. */
export class Publisher {
  readonly #state: State;
  #soonest: { readonly found: Soonest; readonly leases: readonly SoonestLease[] } | undefined;
  #duplicates: number | undefined;

  constructor(state: State) {
    this.#state = state;
  }

  /** Time has passed: what has to be looked up is looked up again at the next `picture`. */
  refresh(): void {
    this.#soonest = undefined;
    this.changed();
  }

  /** Leases have changed; whether the soonest are among them, the board knows. */
  changed(): void {
    this.#duplicates = undefined;
  }

  picture(now: number): Aggregates {
    const state = this.#state;
    if (this.#soonest === undefined || state.board.soonestMoved) this.#soonest = this.#findSoonest();
    this.#duplicates ??= this.#countDuplicates();
    const { found, leases } = this.#soonest;
    const homes = Map.groupBy(state.homes.all(), ({ hostNo }) => hostNo);
    return {
      asOf: now,
      hosts: [...state.marks.all()].flatMap(([no, marks]) => this.#host(no, marks, homes.get(no) ?? [], now)),
      classes: CLASSES.flatMap((_, cls) => this.#class(cls, found, now)),
      soonest: leases,
      seriesDropped: this.#notExpired() - leases.length,
      machines: { physical: state.board.physical, virtual: state.board.virtual },
      retrying: [...state.board.retrying]
        .filter(([, { retrying }]) => retrying > 0)
        .map(([key, sums]) => ({ host: state.names.hosts.name(key >>> 2), cls: classOf(key & 3), ...sums })),
      duplicateClientIds: this.#duplicates,
      unknownProducts: [...state.names.products.entries()].filter(([, id]) => !state.catalogue.isNamed(id)).length,
      forgotten: state.counters.get('forgotten'),
      requests: this.#requests(),
      requestsLastHour: [...state.lastHour.sums(now)].map(([key, count]) => this.#requestCount(key, count)),
      ingest: [...state.counters.of('ingest')].map(([[source, result], count]) => ({
        source: source as IngestSource,
        result: result as IngestResult,
        count,
      })),
      refused: [...state.productUse.refused(now, (no) => state.catalogue.nameOf(state.names.products.name(no)))].map(
        ({ host, product }) => ({ host: state.names.hosts.name(host), product }),
      ),
    };
  }

  #host(no: number, marks: Readonly<HostMarks>, homes: readonly Home[], now: number): readonly HostAggregates[] {
    const { names, board } = this.#state;
    // The other name of a host that has several.
    if (marks.lastArrival === undefined && marks.firstRecord === undefined && marks.gaps === undefined) return [];
    const own = homes.filter((home) => home.lastRequest > 0);
    const views = own.map((home) => ({ home, census: this.#census(home, now) }));
    return [
      {
        host: names.hosts.name(no),
        lastEvent: marks.lastEvent,
        firstRecord: marks.firstRecord,
        lastArrival: marks.lastArrival,
        lastPush: marks.lastPush,
        gaps: marks.gaps ?? 0,
        lastGap: marks.lastGap,
        failures: (['init', 'timer'] as const).flatMap((kind) => {
          const time = marks.failures[kind];
          return time === undefined ? [] : [{ kind, time }];
        }),
        dnsPublish: Object.entries(marks.dns).flatMap(([domain, times]) =>
          (['failure', 'success'] as const).flatMap((result) => {
            const time = times[result];
            return time === undefined ? [] : [{ domain, result, time }];
          }),
        ),
        pools: views.map(
          ({ home, census }): PoolAggregates => ({
            pool: home.pool,
            lastRequest: home.lastRequest,
            idleLimit: home.activity.idleLimit(now),
            census: census.count,
          }),
        ),
        margins: views.flatMap(({ home, census }) => this.#margins(home, marks, census, now)),
        skewed: board.skewed.get(no) ?? 0,
      },
    ];
  }

  #census(home: Home, now: number) {
    return home.census(now, (client) => this.#state.records.contactUntil(client, home.hostNo, home.pool, now));
  }

  #margins(
    home: Home,
    marks: Readonly<HostMarks>,
    { count, lasts }: { readonly count: number; readonly lasts: readonly number[] },
    now: number,
  ): MarginAggregates[] {
    const { settings, reports } = this.#state;
    const standing = {
      census: count,
      reported: reports.countAt(home.hostNo, home.pool, now, settings.reportStaleAfter),
      spans: spans(marks.firstRecord, marks.lastGap, now),
    } satisfies Standing;
    return CLASSES_OF[home.pool].flatMap((cls) => {
      const n = settings.thresholds[cls];
      if (!isKnown(standing, n, isPresent(marks.classes[cls] ?? [], now))) return [];
      const nth = lasts[n - 1];
      const shortSince = nth === undefined ? home.book.shortSince(n, now) : undefined;
      const breach = breachTime(nth, shortSince, marks.firstRecord ?? now - CENSUS_WINDOW);
      return [{ cls, margin: marginOf(standing, n), breach }];
    });
  }

  #class(cls: number, { next }: Soonest, now: number): ClassAggregates[] {
    const { board, settings } = this.#state;
    const sums = board.tally(cls);
    if (sums.leases === 0) return [];
    const tally = { ...finishTally(sums), nextExpiry: next[cls] };
    return [
      {
        cls: classOf(cls),
        tally,
        tolerated: tolerated(settings.leases.tolerate, tally.leases),
        stalledRatio: stalledRatio(tally.heard, tally.stalled, now, settings.leases),
      },
    ];
  }

  #notExpired(): number {
    const { board } = this.#state;
    const sums = CLASSES.map((_, cls) => board.tally(cls));
    return sums.reduce((sum, { byAge, states }) => byAge.reduce((a, b) => a + b, sum) - states.expired, 0);
  }

  #findSoonest() {
    const { columns, board, settings, leases, catalogue } = this.#state;
    const found = findSoonest(columns, board, board.base, settings.seriesLimit);
    board.watchSoonest(found.next, found.latest);
    const rows = found.leases.flatMap((id): SoonestLease[] => {
      const lease = leases.get(id)?.lease;
      if (lease === undefined) return [];
      const { clientId, activationId, last } = lease;
      const product = catalogue.nameOf(activationId);
      return [{ client: last.machine, clientId, product, activationId, cls: last.cls, expiry: columns.expiry.get(id) }];
    });
    return { found, leases: rows };
  }

  #countDuplicates(): number {
    const { duplicates, board, columns } = this.#state;
    return [...duplicates].filter((client) => [...columns.ofClient(client)].some((id) => board.isCounted(id))).length;
  }

  /** Under the host's one name, as arrivals were counted under the name of the time. */
  #requests(): RequestCount[] {
    const { counters, settings } = this.#state;
    const sums = new Map<string, RequestCount>();
    for (const [[host = '', cls = '', result = ''], count] of counters.of('requests')) {
      const folded = settings.aliases[host] ?? host;
      const key = `${folded} ${cls} ${result}`;
      const before = sums.get(key)?.count ?? 0;
      sums.set(key, {
        host: folded,
        cls: CLASSES.find((name) => name === cls) ?? 'unknown',
        result,
        count: before + count,
      });
    }
    return [...sums.values()];
  }

  #requestCount(key: string, count: number): RequestCount {
    const [host = '', cls = '', result = ''] = key.split(' ');
    return {
      host: this.#state.names.hosts.name(Number(host)),
      cls: CLASSES.find((name) => name === cls) ?? 'unknown',
      result,
      count,
    };
  }
}
