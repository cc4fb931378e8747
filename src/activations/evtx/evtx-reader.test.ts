import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LogRecord, WRITERS } from '../../../test/data/events/writers.ts';
import { FILE_HEADER, type Style, writeLog } from '../../../test/support/evtx/evtx-writer.ts';
import { ids, outcome, placesOf, request, requests } from '../../../test/support/evtx/requests.ts';
import { readEventsFrom } from '../../../test/support/read-events.ts';
import { EventReader, type Reading } from '../event-reader.ts';

const CHUNK = 65_536;
const CHUNK_HEADER = 512;
const FREE_SPACE = 48;
const LAST_ID = 32;
const STYLES: readonly Style[] = ['templates', 'elements', 'bare'];
describe.each(STYLES)('a log of %s', (style) => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const record: fc.Arbitrary<LogRecord> = fc.record({
    host: fc.constantFrom('kms01', 'KMS02.corp.example.com'),
    channel: fc.constantFrom('Key Management Service', 'Application'),
    id: fc.integer({ min: 12289, max: 12295 }),
    recordId: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    time: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    data: fc.oneof(fc.constant(request(7).data), fc.array(text, { minLength: 1, maxLength: 12 })),
  });

  it('gives the same as the XML of its records', () => {
    const xml = WRITERS['event-xml'];
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        const expected = readEventsFrom(Buffer.from(records.map((each) => xml?.(each)).join('')));
        expect(expected).toHaveLength(records.length);
        expect(readEventsFrom(writeLog(records, { style }))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('is read over all its chunks, in pieces of any size', () => {
    const log = writeLog(requests(400), { style });
    expect(log.length).toBeGreaterThan(FILE_HEADER + 2 * CHUNK - 1);
    for (const size of [1, 997, 70_000]) {
      const reader = new EventReader();
      const readings: Reading[] = [];
      for (let at = 0; at < log.length; at += size) readings.push(...reader.push(log.subarray(at, at + size)));
      readings.push(...reader.end());
      expect(outcome(readings)).toEqual(ids(1, 400));
    }
  });
});

it('ignores and counts records of other ids', () => {
  const readings = readEventsFrom(writeLog([{ ...request(1), id: 12295 }, request(2)]));
  expect(readings[0]).toEqual({
    ok: false,
    error: { kind: 'ignored', reason: 'its id is not one of 12290 to 12294' },
  });
  expect(outcome(readings.slice(1))).toEqual([2]);
});

describe('a log that Windows did not close', () => {
  it('is read whatever its head says', () => {
    expect(outcome(readEventsFrom(writeLog(requests(400), { flags: 1, chunks: 1 })))).toEqual(ids(1, 400));
  });

  it('is read beyond the end that the head of its last chunk tells, as long as the ids go on', () => {
    const log = writeLog(requests(100));
    const places = placesOf(log);
    log.writeUInt32LE((places[40] ?? 0) - FILE_HEADER, FILE_HEADER + FREE_SPACE);
    log.writeBigUInt64LE(40n, FILE_HEADER + LAST_ID);
    expect(outcome(readEventsFrom(log))).toEqual(ids(1, 100));
  });

  it('is not read where there are records of an earlier use of the chunk', () => {
    const log = writeLog([...requests(40), ...requests(100).slice(45)]);
    log.writeUInt32LE((placesOf(log)[40] ?? 0) - FILE_HEADER, FILE_HEADER + FREE_SPACE);
    expect(outcome(readEventsFrom(log))).toEqual(ids(1, 40));
  });

  it('may have checksums that do not fit', () => {
    const log = writeLog(requests(10));
    log.fill(0xa5, 124, 128);
    log.fill(0xa5, FILE_HEADER + 52, FILE_HEADER + 56);
    log.fill(0xa5, FILE_HEADER + 124, FILE_HEADER + 128);
    expect(outcome(readEventsFrom(log))).toEqual(ids(1, 10));
  });
});

describe('an unused rest', () => {
  it('is passed over, as are chunks that were never used', () => {
    const log = writeLog(requests(10));
    log.writeUInt32LE(CHUNK, FILE_HEADER + FREE_SPACE);
    const unused = Buffer.alloc(3 * CHUNK);
    expect(outcome(readEventsFrom(Buffer.concat([log, unused])))).toEqual(ids(1, 10));
  });

  it('is damage where the head of the chunk knows of more records', () => {
    const log = writeLog(requests(10));
    const place = placesOf(log)[7] ?? 0;
    const end = FILE_HEADER + log.readUInt32LE(FILE_HEADER + FREE_SPACE);
    log.fill(0, place);
    expect(outcome(readEventsFrom(log))).toEqual([
      ...ids(1, 7),
      `chunk 1 (byte 4096 of the file) is damaged: bytes ${place} to ${end} of the file are not a record`,
    ]);
  });
});

describe('damage is reported with its place, and takes nothing else with it', () => {
  const log = writeLog(requests(600));
  const places = placesOf(log);
  const inSecond = places.filter((place) => place > FILE_HEADER + CHUNK && place < FILE_HEADER + 2 * CHUNK);
  const firstOfSecond = places.indexOf(inSecond[0] ?? 0) + 1;
  const second = `chunk 2 (byte ${FILE_HEADER + CHUNK} of the file)`;

  function damaged(damage: (octets: Buffer) => void): readonly (number | string)[] {
    const octets = Buffer.from(log);
    damage(octets);
    return outcome(readEventsFrom(octets));
  }

  it('a record whose length is wrong', () => {
    const place = inSecond[5] ?? 0;
    const id = firstOfSecond + 5;
    expect(damaged((octets) => octets.writeUInt32LE(7, place + 4))).toEqual([
      ...ids(1, id - 1),
      `${second} is damaged: bytes ${place} to ${inSecond[6]} of the file are not a record`,
      ...ids(id + 1, 600),
    ]);
  });

  it('a page that is lost', () => {
    const from = FILE_HEADER + CHUNK + 16_384;
    const last = inSecond.findLastIndex((place) => place < from);
    const next = inSecond.findIndex((place) => place >= from + 4096);
    expect(damaged((octets) => octets.fill(0, from, from + 4096))).toEqual([
      ...ids(1, firstOfSecond + last - 1),
      `${second} is damaged: bytes ${inSecond[last]} to ${inSecond[next]} of the file are not a record`,
      ...ids(firstOfSecond + next, 600),
    ]);
  });

  it('a record with a token that is none', () => {
    const place = inSecond[9] ?? 0;
    const id = firstOfSecond + 9;
    expect(damaged((octets) => octets.writeUInt8(0x1e, place + 24))).toEqual([
      ...ids(1, id - 1),
      `record ${id} in ${second}, at byte ${place}, is damaged: a token 0x1e does not belong there`,
      ...ids(id + 1, 600),
    ]);
  });

  it('the head of a chunk', () => {
    expect(damaged((octets) => octets.fill(0, FILE_HEADER + CHUNK, FILE_HEADER + CHUNK + CHUNK_HEADER))).toEqual([
      ...ids(1, firstOfSecond - 1),
      `the header of ${second} is damaged`,
      ...ids(firstOfSecond, 600),
    ]);
  });

  it('a template, for each record that has it', () => {
    const lost = damaged((octets) => octets.fill(0, (inSecond[0] ?? 0) + 38, (inSecond[0] ?? 0) + 600));
    expect(lost.filter((each) => typeof each === 'string')).toHaveLength(inSecond.length);
    expect(lost[firstOfSecond]).toBe(
      `record ${firstOfSecond + 1} in ${second}, at byte ${inSecond[1]}, is damaged: its template is missing`,
    );
    expect(lost.slice(-1)).toEqual([600]);
  });

  it('a file that is cut off', () => {
    const place = inSecond[20] ?? 0;
    const cut = (end: number) => outcome(readEventsFrom(log.subarray(0, end)));
    const told = (end: number) => `${second} is cut off: the file ends at byte ${end}`;
    const before = ids(1, firstOfSecond + 19);
    expect(cut(place)).toEqual([...before, told(place)]);
    expect(cut(place + 30)).toEqual([...before, told(place + 30)]);
    expect(cut(FILE_HEADER - 1)).toEqual(['the file ends in its header, at byte 4095']);
    const chunks = (log.length - FILE_HEADER) / CHUNK;
    expect(cut(FILE_HEADER)).toEqual([`the file is cut off: its header tells of ${chunks} chunks, and it has none`]);
    expect(cut(FILE_HEADER + CHUNK)).toEqual([
      ...ids(1, firstOfSecond - 1),
      `the file is cut off: its header tells of ${chunks} chunks, and it has 1`,
    ]);
  });
});

describe('logs that somebody joined into one file', () => {
  const one = writeLog(requests(400));
  const two = writeLog(requests(500).slice(400));

  it('are read one after the other, in pieces of any size', () => {
    const file = Buffer.concat([one, two, one]);
    for (const size of [997, file.length]) {
      const reader = new EventReader();
      const readings: Reading[] = [];
      for (let at = 0; at < file.length; at += size) readings.push(...reader.push(file.subarray(at, at + size)));
      expect(outcome([...readings, ...reader.end()])).toEqual([...ids(1, 500), ...ids(1, 400)]);
    }
  });

  it('are read when the first of them is cut off', () => {
    const cut = placesOf(one)[350] ?? 0;
    const file = Buffer.concat([one.subarray(0, cut + 20), two]);
    expect(outcome(readEventsFrom(file))).toEqual([
      ...ids(1, 350),
      expect.stringMatching(new RegExp(`^chunk \\d \\(.*\\) is cut off: another log begins at byte ${cut + 20}$`)),
      ...ids(401, 500),
    ]);
  });

  it('are known by their names if the last has no more than a part of its header', () => {
    const file = Buffer.concat([one, two.subarray(0, 100)]);
    expect(outcome(readEventsFrom(file)).at(-1)).toBe(
      `the file ends in the header of a log that was joined to another, at byte ${file.length}`,
    );
  });

  it('are not seen in a record that has the mark of a log in it', () => {
    const data = request(1).data.with(0, 'ElfFile\0');
    const log = writeLog([request(1), { ...request(2), data }, request(3)]);
    log.write('ElfFile\0', log.indexOf(Buffer.from('ElfFile', 'utf16le')), 'latin1');
    expect(outcome(readEventsFrom(log))).toHaveLength(3);
    expect(outcome(readEventsFrom(log))).toEqual(expect.arrayContaining([1, 3]));
  });
});
