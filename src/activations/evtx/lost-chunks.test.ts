import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FILE_HEADER, writeLog } from '../../../test/support/evtx/evtx-writer.ts';
import { ids, outcome, placesOf, requests } from '../../../test/support/evtx/requests.ts';
import { readEventsFrom } from '../../../test/support/read-events.ts';
import { describeWithRecordings, recordedLog } from '../../../test/support/recordings.ts';

const CHUNK = 65_536;
describe('a chunk that is empty', () => {
  const MANY = 900;
  const chunkAt = (index: number): number => FILE_HEADER + index * CHUNK;

  /** A log without these chunks, from 0, and the ids of the records that were in them. */
  function without(lost: readonly number[], flags: number) {
    const log = writeLog(requests(MANY), { flags });
    const inOrder = placesOf(log);
    const isLost = (place: number) => lost.some((index) => place > chunkAt(index) && place < chunkAt(index + 1));
    const gone = ids(1, MANY).filter((id) => isLost(inOrder[id - 1] ?? 0));
    for (const index of lost) log.fill(0, chunkAt(index), chunkAt(index + 1));
    return { log, first: gone[0] ?? 0, last: gone.at(-1) ?? 0 };
  }

  it.each([
    ['that Windows closed', 0],
    ['that Windows did not close', 1],
  ])('is reported with its records in a log %s', (_, flags) => {
    const { log, first, last } = without([1, 2], flags);
    expect(outcome(readEventsFrom(log))).toEqual([
      ...ids(1, first - 1),
      `chunks 2 to 3 are empty, and records ${first} to ${last} are missing`,
      ...ids(last + 1, MANY),
    ]);
  });

  it('is reported if it is the first one', () => {
    const { log, last } = without([0], 1);
    expect(outcome(readEventsFrom(log))).toEqual(['chunk 1 is empty, although others follow', ...ids(last + 1, MANY)]);
  });

  it('is reported at the end of a log that Windows closed, whose header counts it', () => {
    const count = (writeLog(requests(MANY)).length - FILE_HEADER) / CHUNK;
    const { log, first } = without([count - 1], 0);
    const file = Buffer.concat([log, Buffer.alloc(3 * CHUNK)]);
    expect(outcome(readEventsFrom(file))).toEqual([
      ...ids(1, first - 1),
      `chunk ${count} is empty, although the header of the file counts it`,
    ]);
  });

  it('is unused if the records go on behind it', () => {
    const log = writeLog(requests(MANY), { flags: 1 });
    const file = Buffer.concat([log.subarray(0, chunkAt(2)), Buffer.alloc(CHUNK), log.subarray(chunkAt(2))]);
    expect(outcome(readEventsFrom(file))).toEqual(ids(1, MANY));
  });
});

describeWithRecordings(
  'a real log with damage',
  () => {
    const CLOSED = { chunks: 17, flags: 0 };

    /** What is said of the log, with another header. */
    async function problemsOf(header: { chunks: number; flags: number }, damage: (log: Buffer) => Buffer) {
      const log = await readFile(recordedLog('2-vss_7-System.evtx'));
      log.writeUInt16LE(header.chunks, 42);
      log.writeUInt32LE(header.flags, 120);
      return readEventsFrom(damage(log)).flatMap((each) =>
        each.ok || each.error.kind === 'ignored' ? [] : [each.error.reason],
      );
    }

    it('has lost two chunks as it is', async () => {
      expect(await problemsOf({ chunks: 4, flags: 1 }, (log) => log)).toEqual([
        'chunks 11 to 12 are empty, and records 1156 to 1417 are missing',
      ]);
    });

    it('tells of chunks that are missing at its end', async () => {
      expect(await problemsOf(CLOSED, (log) => log.subarray(0, FILE_HEADER + 5 * CHUNK))).toEqual([
        'the file is cut off: its header tells of 17 chunks, and it has 5',
      ]);
      expect(await problemsOf({ chunks: 4, flags: 1 }, (log) => log.subarray(0, FILE_HEADER))).toEqual([
        'the file is cut off: its header tells of 4 chunks, and it has none',
      ]);
    });

    it('tells of a chunk that is lost in its middle', async () => {
      const told = await problemsOf({ chunks: 4, flags: 1 }, (log) =>
        log.fill(0, FILE_HEADER + 2 * CHUNK, FILE_HEADER + 3 * CHUNK),
      );
      expect(told[0]).toBe('chunk 3 is empty, and records 239 to 339 are missing');
    });
  },
  'evtx',
);
