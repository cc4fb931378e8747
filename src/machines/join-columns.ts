import { u32 } from '../kernel/numbers.ts';

/** What only a join has to know, by the rows of its table unless said otherwise. Times are seconds since the epoch, 0 for none. */
export class JoinColumns {
  /** One more than the row of each name of the logs, by its number. */
  readonly rowOfLogName = u32();
  /** The newest word of a source about it. */
  readonly wordAt = u32();
  /** When a host last answered it. */
  readonly answered = u32();
  /** Of its current Windows: since when its verdict holds, and as of when. */
  readonly windowsSince = u32();
  readonly windowsAt = u32();

  /** Makes room. @param rows how many at most @param logName the largest number of a name in the logs */
  reserve(rows: number, logName: number): void {
    const { rowOfLogName, ...byRow } = this;
    rowOfLogName.reserve(logName);
    for (const column of Object.values(byRow)) column.reserve(rows);
  }

  /** Gives the room back: between two joins, nobody needs it. */
  free(): void {
    for (const column of Object.values(this)) column.free();
  }
}
