import type { DatabaseSync } from 'node:sqlite';
import type { EventBody, EventRecord } from '../activations/types.ts';
import { addContact, type Presence } from '../leases/presence.ts';
import type { LeaseClass } from '../leases/types.ts';
import { num, type Query, query, text } from './rows.ts';

/** What is remembered of a host's log: first and last times. */
export interface HostMarks {
  firstRecord?: number;
  lastEvent?: number;
  /** When a record of it last came from a subscription or a push, a known one too. */
  lastArrival?: number;
  lastPush?: number;
  gaps?: number;
  lastGap?: number;
  /** When a request of each class, of any result, was among the last 30 days'. */
  classes: Partial<Record<LeaseClass, Presence>>;
  failures: { init?: number; timer?: number };
  dns: Record<string, { failure?: number; success?: number }>;
}

/** A host publishes in the domains that its administrator names; more than these are somebody's play. */
const MAX_DOMAINS = 100;

/** Of a class that is asked for now and then, the newest spells; only those around now are looked at. */
const MAX_SPELLS = 16;

/** The marks of all hosts, in memory and in the database. */
export class Marks {
  readonly #marks = new Map<number, HostMarks>();
  readonly #changed = new Set<number>();
  readonly #put: Query;

  constructor(database: DatabaseSync) {
    for (const [id, marks] of query(database, 'SELECT id, marks FROM hosts').all()) {
      this.#marks.set(num(id), { ...emptyMarks(), ...JSON.parse(text(marks)) });
    }
    this.#put = query(database, 'UPDATE hosts SET marks = ? WHERE id = ?');
  }

  all(): Iterable<[number, HostMarks]> {
    return this.#marks;
  }

  /** To be read only. */
  of(host: number): Readonly<HostMarks> {
    return this.#marks.get(host) ?? emptyMarks();
  }

  /** To be changed. */
  edit(host: number): HostMarks {
    this.#changed.add(host);
    const marks = this.#marks.get(host) ?? emptyMarks();
    this.#marks.set(host, marks);
    return marks;
  }

  /** Takes a record that was not known before. @param cls of a request */
  take(host: number, { time, body }: EventRecord, cls: LeaseClass | undefined): void {
    const marks = this.edit(host);
    marks.firstRecord = Math.min(marks.firstRecord ?? time, time);
    marks.lastEvent = Math.max(marks.lastEvent ?? time, time);
    if (cls !== undefined) marks.classes[cls] = addContact(marks.classes[cls] ?? [], time).presence.slice(-MAX_SPELLS);
    takeNotice(marks, time, body);
  }

  save(): void {
    for (const host of this.#changed) this.#put.run(JSON.stringify(this.of(host)), host);
    this.#changed.clear();
  }

  /** Forgets what records tell, to be told again. */
  reset(): void {
    for (const [host, { lastArrival, lastPush, gaps, lastGap }] of this.#marks) {
      this.#marks.set(host, { ...emptyMarks(), ...defined({ lastArrival, lastPush, gaps, lastGap }) });
      this.#changed.add(host);
    }
  }
}

function takeNotice(marks: HostMarks, time: number, body: EventBody): void {
  if (body.kind === 'service_failure') {
    marks.failures[body.failure] = Math.max(marks.failures[body.failure] ?? time, time);
  }
  if (body.kind !== 'dns_publish') return;
  const known = marks.dns[body.domain];
  if (known === undefined && Object.keys(marks.dns).length >= MAX_DOMAINS) return;
  marks.dns[body.domain] = { ...known, [body.result]: Math.max(known?.[body.result] ?? time, time) };
}

function emptyMarks(): HostMarks {
  return { classes: {}, failures: {}, dns: {} };
}

function defined(marks: Record<string, number | undefined>): Partial<HostMarks> {
  return Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined));
}
