import { NameList } from '../kernel/name-list.ts';
import { Bits, u32 } from '../kernel/numbers.ts';
import { ALIVE } from './presence.ts';
import type { MachineFacts, Verdict } from './types.ts';
import { VERDICTS } from './types.ts';

/** Bits of `flags` beside those of `src/machines/presence.ts`. */
export const IN_LOG = 32;
export const PINNED = 64;
export const DUPLICATE = 128;
/** A source, a lease or a word is about it: a name that once asked and is another's now is no machine. */
export const KNOWN = 256;

const COLUMNS = ['meant', 'flags', 'seen', 'lastRequest', 'host', 'since'] as const;

/** All machines in memory, by name; a column a value. Times are seconds since the epoch, 0 for none. */
export class MachineTable {
  names = new NameList();
  /** One more than the row of the machine that a bare name means; 0: it is one itself. */
  readonly meant = u32();
  readonly flags = u32();
  /** Place in `VERDICTS`. */
  readonly verdict = new Bits(this.flags, 9, 4);
  /** Class of its Windows, as `CLASSES` numbers them, and one more; 0: nobody knows. */
  readonly cls = new Bits(this.flags, 13, 3);
  /** Verdict of its current Windows: one more than the place. */
  readonly windows = new Bits(this.flags, 16, 4);
  /** The newest time at which a source saw it. */
  readonly seen = u32();
  readonly lastRequest = u32();
  /** Of its newest request. */
  readonly host = u32();
  readonly since = u32();
  /** By its own events, when a machine was last answered, and when it last asked in vain. */
  readonly asks = new Map<number, { answered: number; failed: number }>();

  /** Makes room for this many. */
  reserve(rows: number): void {
    for (const name of COLUMNS) this[name].reserve(rows);
  }

  /**
   * Forgets all, and keeps the room.
   * @param other a table of nearly the same names: they share what they can @yields between columns
   */
  *clear(other: MachineTable | undefined): Generator<void> {
    this.asks.clear();
    this.names = new NameList(other?.names);
    for (const name of COLUMNS) {
      this[name].clear();
      yield;
    }
  }

  get length(): number {
    return this.names.length;
  }

  add(name: string): number {
    this.names.push(name);
    return this.names.length - 1;
  }

  /** The machine behind a row. */
  machineOf(row: number): number {
    return this.meant.get(row) === 0 ? row : this.meant.get(row) - 1;
  }

  has(row: number, flag: number): boolean {
    return (this.flags.get(row) & flag) !== 0;
  }

  set(row: number, flags: number): void {
    this.flags.put(row, this.flags.get(row) | flags);
  }

  /** The row of a machine. */
  isMachine(row: number): boolean {
    return this.meant.get(row) === 0 && this.has(row, KNOWN);
  }

  verdictOf(row: number): Verdict {
    return VERDICTS[this.verdict.get(row)] ?? 'unknown';
  }

  factsOf(row: number): Omit<MachineFacts, 'areLogsWhole' | 'isHost'> {
    const asks = this.asks.get(row);
    return {
      isAlive: this.has(row, ALIVE),
      seen: this.seen.get(row),
      isInLog: this.has(row, IN_LOG),
      toldAnswered: asks?.answered ?? 0,
      toldFailed: asks?.failed ?? 0,
    };
  }
}
