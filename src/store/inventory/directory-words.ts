import type { DatabaseSync } from 'node:sqlite';
import { MINUTE_S, type Seconds } from '../../kernel/time.ts';
import { BareNames, type Meant } from '../../leases/bare-names.ts';
import { readMeta } from '../database/meta.ts';
import { maybe, query, type Row, text } from '../database/rows.ts';
import { INVENTORY_VERSION } from './take-part.ts';

/** The words of machines about how they are activated, by the numbers of their names in logs; times are seconds since the epoch. */
export interface DirectoryWords {
  /** When one said that the directory activates it. */
  readonly directory: ReadonlyMap<number, number>;
  /** Of those, when one said that KMS activates a product of it, by `productKey`: Office may stay behind. */
  readonly kms: ReadonlyMap<number, number>;
}

/** One number for both, as a map for each machine would take much room. */
export function productKey(machine: number, product: number): number {
  return machine * MOST_PRODUCTS + product;
}

interface Words {
  readonly directory: Map<number, number>;
  readonly kms: Map<number, number>;
}

interface Known {
  readonly at: Seconds;
  readonly inventory: string | undefined;
  /** Milliseconds. */
  readonly took: number;
  readonly words: DirectoryWords;
}

const MOST_PRODUCTS = 2 ** 20;

/** A list that takes long to join is read again in this share of the time at most. */
const SHARE = 1 / 20;

const KNOWN = new WeakMap<DatabaseSync, Known>();

/** Kept for a minute, unless another list has come. @param now seconds since the epoch */
export function directoryWords(database: DatabaseSync, now: Seconds): DirectoryWords {
  const known = KNOWN.get(database);
  const inventory = readMeta(database, INVENTORY_VERSION);
  if (known !== undefined && known.inventory === inventory) {
    const holds = Math.max(MINUTE_S, known.took / 1000 / SHARE);
    if (Math.abs(now - known.at) < holds) return known.words;
  }
  const began = performance.now();
  const words = read(database);
  KNOWN.set(database, { at: now, inventory, took: performance.now() - began, words });
  return words;
}

/** Rows that are read at once: one at a time they cost three times as much. */
const SLICE = 2000;

/** All names in the order of their octets, so that those that begin with a bare one follow it; each table is read as it lies. */
const NAMES = `SELECT name, id, NULL, NULL FROM machines WHERE name > ?1
UNION ALL SELECT machine, NULL, at, NULL FROM client_words WHERE machine > ?1 AND way = 'directory'
UNION ALL SELECT machine, NULL, at, (SELECT id FROM products p WHERE p.activation_id = w.activation_id)
  FROM client_words w WHERE machine > ?1 AND way = 'kms' AND activation_id IN (SELECT activation_id FROM products)
  AND EXISTS (SELECT 1 FROM client_words d WHERE d.machine = w.machine AND d.way = 'directory')
UNION ALL SELECT machine, NULL, NULL, NULL FROM inventory_rows WHERE machine > ?1
ORDER BY 1 LIMIT ${SLICE}`;

interface Named {
  readonly name: string;
  /** Undefined: no log has it. */
  id: number | undefined;
  /** -1: it says nothing. */
  said: number;
  kms: ReadonlyMap<number, number> | undefined;
}

/** As the verdicts have it, by all names. */
function read(database: DatabaseSync): DirectoryWords {
  const words: Words = { directory: new Map(), kms: new Map() };
  if (query(database, "SELECT 1 FROM client_words WHERE way = 'directory' LIMIT 1").get() === undefined) return words;
  const bareNames = new BareNames<Named>();
  for (const named of names(database)) {
    for (const meant of bareNames.take(named.name, named)) share(words, meant);
    enter(words, named, named);
  }
  for (const meant of bareNames.end()) share(words, meant);
  return words;
}

/** Each once. */
function* names(database: DatabaseSync): Iterable<Named> {
  const slice = query(database, NAMES);
  let isLast = false;
  for (let from = ''; !isLast; ) {
    const rows = slice.all(from);
    isLast = rows.length < SLICE;
    const grouped = byName(rows);
    // The last of a slice may go on in the next one, unless it fills one: then it is in as many lists.
    if (!isLast && grouped.length > 1) grouped.pop();
    yield* grouped;
    from = grouped.at(-1)?.name ?? from;
  }
}

function byName(rows: readonly Row[]): Named[] {
  const all: Named[] = [];
  for (const [name, id, said, product] of rows) {
    let named = all.at(-1);
    if (named === undefined || named.name !== name) {
      named = { name: text(name), id: undefined, said: -1, kms: undefined };
      all.push(named);
    }
    named.id ??= maybe(id);
    const of = maybe(product);
    if (of === undefined) named.said = Math.max(named.said, maybe(said) ?? -1);
    else named.kms = newest(named.kms, new Map([[of, maybe(said) ?? 0]]));
  }
  return all;
}

/** A word under either name holds for both. */
function share(words: Words, [bare, full]: Meant<Named>): void {
  full.said = Math.max(full.said, bare.said);
  full.kms = newest(full.kms, bare.kms);
  enter(words, full, full);
  enter(words, bare, full);
}

function newest(
  one: ReadonlyMap<number, number> | undefined,
  other: ReadonlyMap<number, number> | undefined,
): ReadonlyMap<number, number> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const both = new Map(one);
  for (const [product, at] of other) both.set(product, Math.max(at, both.get(product) ?? 0));
  return both;
}

function enter(words: Words, { id }: Named, { said, kms }: Named): void {
  if (id === undefined || said < 0) return;
  words.directory.set(id, said);
  for (const [product, at] of kms ?? []) words.kms.set(productKey(id, product), at);
}
