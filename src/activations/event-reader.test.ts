import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type LogRecord, WRITERS } from '../../test/data/events/writers.ts';
import { heapInUse } from '../../test/support/heap.ts';
import { readEventsFrom } from '../../test/support/read-events.ts';
import { EventReader, type Reading } from './event-reader.ts';

const CLIENT = '930bd202-a335-4c7e-bd9d-7305361f0d37';

function logRecord(recordId: number): LogRecord {
  const data = ['', '0x0', '25', 'wks01', CLIENT, '2026/5/4 10:11', '0', '1', '249120', CLIENT];
  return { host: 'kms01', channel: 'Key Management Service', id: 12290, recordId, time: 1.7e12, data };
}

function written(form: string, recordId: number): string {
  return WRITERS[form]?.(logRecord(recordId)) ?? '';
}

const own = (recordId: number): string => written('own', recordId);
const xml = (recordId: number): string => written('event-xml', recordId);
const pretty = (recordId: number): string => JSON.stringify(JSON.parse(own(recordId)), null, 2);

/** The record ids that were read, or why not. */
function outcome(readings: readonly Reading[]): readonly (number | string)[] {
  return readings.map((reading) => (reading.ok ? reading.value.recordId : reading.error.reason));
}

const read = (text: string): readonly (number | string)[] => outcome(readEventsFrom(Buffer.from(text)));

const CUT = 'the record is cut off before its end';
const UNSOUND = 'it is not valid JSON';
const NO_OBJECT = 'it is not a JSON object';

describe('broken records do not take others with them', () => {
  test.each<[string, string, readonly (number | string)[]]>([
    ['nothing', '', []],
    ['blanks', ' \n ', []],
    ['an empty array', '[]', []],
    ['lines', `${own(1)}\n\n${own(2)}`, [1, 2]],
    ['objects without lines', own(1) + own(2), [1, 2]],
    ['pretty objects', `${pretty(1)}\n${pretty(2)}`, [1, 2]],
    ['a pretty array', `[\n${pretty(1)},\n${pretty(2)}\n]\n`, [1, 2]],
    ['arrays one after the other', `[${own(1)}][${own(2)}]`, [1, 2]],
    ['an array of lines', `[${own(1)},\r\n${own(2)}\r\n]`, [1, 2]],
    ['a line that is cut off', `${own(1)}\n${own(2).slice(0, 40)}\n${own(3)}`, [1, CUT, 3]],
    ['a line cut off in a string', `${own(1)}\n${own(2).slice(0, 12)}\n${own(3)}\n${own(4)}`, [1, CUT, 3, 4]],
    ['a line cut off after a colon', `{"host":\n${own(2)}\n${own(3)}`, [CUT, 2, 3]],
    ['a line that is no JSON', `${own(1)}\nwhat\n${own(3)}\n`, [1, NO_OBJECT, 3]],
    ['an object with a mistake', `${own(1)}\n{"a":}\n${own(3)}`, [1, UNSOUND, 3]],
    ['the end cut off', `${own(1)}\n${own(2).slice(0, 40)}`, [1, CUT]],
    ['an array with a number', `[1,${own(2)}]`, [NO_OBJECT, 2]],
    [
      'an array of other things',
      `[5,null, "x{[]\\"}",[], true,${own(6)}, [[{}],{"a":"]"}],"",-1.5e3]`,
      [...Array(5).fill(NO_OBJECT), 6, ...Array(3).fill(NO_OBJECT)],
    ],
    [
      'a pretty array of other things',
      `[\n  5,\n  [\n    {\n      "a": 1\n    },\n    []\n  ],\n${pretty(3)},\n  "x"\n]\n`,
      [NO_OBJECT, NO_OBJECT, 3, NO_OBJECT],
    ],
    [
      'lines of other things',
      `5\nnull\n"x{y"\n[]\n${own(5)}\n[{"a":1},{}] x\n"\n${own(8)}`,
      [...Array(4).fill(NO_OBJECT), 5, NO_OBJECT, NO_OBJECT, 8],
    ],
    ['a string that never ends', `["x,\n${own(2)}]`, [NO_OBJECT, 2]],
    ['an array in an array that never ends', `[[1,2\n${own(2)}]`, [NO_OBJECT, 2]],
    ['a collection of Windows PowerShell', `{"value":[${own(1)},${own(2)}],"Count":2}`, [1, 2]],
    [
      'a pretty collection of Windows PowerShell',
      `\r\n{\r\n    "value":  [\r\n${pretty(1)},\r\n 7,\r\n${pretty(3)}\r\n              ],\r\n    "Count":  3\r\n}\r\n`,
      [1, NO_OBJECT, 3],
    ],
    ['an empty collection', '{"value":[],"Count":0}', []],
    ['half a collection', '{"value"', [CUT]],
    ['an object with a value', '{"value":5}', [expect.stringContaining('its keys are "value"')]],
    ['an object that is no event', `{"a":1}\n${own(2)}`, [expect.stringContaining('its keys are "a"'), 2]],
    ['events', xml(1) + xml(2), [1, 2]],
    ['lines that count records, of XML', `Record 1\n${xml(1)}\nRecord 2\n${xml(2)}\n`, [1, 2]],
    ['lines that count records, of JSON', `Record 1\r\n${pretty(1)}\r\nRecord 2\r\n${own(2)}`, [1, 2]],
    ['a hit of a store', `{"_source":${own(1)}}\n{"_source":${own(2)}}`, [1, 2]],
    ['an answer of a store', `{"took":1,"hits":{"hits":[{"_source":${own(1)}},{"_source":${own(2)}}]}}`, [1, 2]],
    ['an empty answer of a store', '{"hits":{"hits":[]}}', []],
    ['a batch of nothing', '{"resourceLogs":[]}', []],
    ['an empty export', '<?xml version="1.0"?><Events></Events>', []],
    ['other XML', '<a:b></a:b>', [expect.stringMatching(/^XML with the root "b" .*no <Event> element/)]],
    ['an event cut off', `<Events>${xml(1).slice(0, 200)}\n${xml(2)}</Events>`, [CUT, 2]],
    ['an event without its beginning', `<Events>${xml(1).slice(100)}${xml(2)}`, ['the record has no start', 2]],
    ['the last event cut off', `${xml(1)}${xml(2).slice(0, 200)}`, [1, CUT]],
    ['an event with a mistake', `${xml(1).replace('</System>', '')}${xml(2)}`, ['it is not valid XML', 2]],
    ['an unknown entity', `${xml(1).replace('wks01', '&x;')}${xml(2)}`, ['it is not valid XML', 2]],
    ['JSON behind events', `${xml(1)}\r\n${own(2)}`, [1, expect.stringContaining('another form')]],
    ['JSON behind a root', `<Events>${xml(1)}</Events>\n[${own(2)}]`, [1, expect.stringContaining('another form')]],
    ['text behind events', `${xml(1)}\r\nEvent[0]:\r\n  Log Name: x`, [1, expect.stringContaining('another form')]],
    ['a document type', `<!DOCTYPE a [<!ENTITY x "y">]>${xml(1)}`, ['a document type definition is not allowed', 1]],
    ['a document type inside', xml(1).replace('<System>', '<!DOCTYPE a><System>'), ['it is not valid XML']],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('knows a saved log by its first octets', () => {
    expect(read('ElfFile\0\0\0\0')).toEqual(['the file ends in its header, at byte 11']);
  });
});

describe('encodings', () => {
  const utf16 = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(`${own(1)}\r\n${own(2)}`, 'utf16le')]);

  test.each([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${own(1)}\n${own(2)}`)],
    ['UTF-16, little end first', utf16],
    ['UTF-16, big end first', Buffer.from(utf16).swap16()],
  ])('%s', (_, bytes) => {
    expect(outcome(readEventsFrom(bytes))).toEqual([1, 2]);
  });

  const wide = Buffer.from(xml(2), 'utf16le');
  test.each([
    ['UTF-16 behind UTF-8', [Buffer.from(`${xml(1)}\r\n`), wide]],
    ['UTF-16 with its mark behind UTF-8', [Buffer.from(xml(1)), Buffer.of(0xff, 0xfe), wide]],
    ['UTF-8 behind UTF-16', [Buffer.of(0xff, 0xfe), wide, Buffer.from(xml(1))]],
    ['UTF-8 behind UTF-16, at an odd place', [Buffer.of(0xff, 0xfe), wide, Buffer.from(`\n${xml(1)}`)]],
  ])('tells that %s was left out of a file of both', (_, parts) => {
    const [first, second, ...more] = outcome(readEventsFrom(Buffer.concat(parts)));
    expect([first, second, more]).toEqual([expect.any(Number), expect.stringContaining('another encoding'), []]);
  });
});

describe('sizes', () => {
  /** Octets that are read at a time, as of a body or a file. */
  const SLICE = 128 * 1024;
  const limit = { maxRecord: 2000 };
  const long = 'x'.repeat(10_000);

  test.each([
    ['JSON', `${own(1)}\n{"a":"${long}"}\n${own(3)}`],
    ['JSON that never ends', `${own(1)}\n{"a":"${long}\n${own(3)}`],
    ['XML', `${xml(1)}${xml(2).replace('wks01', long)}${xml(3)}`],
  ])('%s beyond the limit is one refused record, in pieces of any size', (_, text) => {
    for (const size of [100, 5000, 100_000]) {
      const reader = new EventReader(limit);
      const readings: Reading[] = [];
      for (let at = 0; at < text.length; at += size)
        readings.push(...reader.push(Buffer.from(text.slice(at, at + size))));
      readings.push(...reader.end());
      expect(outcome(readings)).toEqual([1, expect.stringMatching(/more than 2000 characters|cut off/), 3]);
    }
  });

  it('holds no more in a long stream than in a short one', () => {
    const chunk = Buffer.from(`${own(1)}\n`.repeat(4000));
    const one = Buffer.from(`{"pad":"${'x'.repeat(chunk.length - 11)}"}`);
    const reader = new EventReader();
    let count = 0;
    const read = (rounds: number): number => {
      for (let at = 0; at < rounds; at++) {
        for (const bytes of [chunk, one]) {
          for (let start = 0; start < bytes.length; start += SLICE) {
            count += reader.push(bytes.subarray(start, start + SLICE)).length;
          }
        }
      }
      return heapInUse() + process.memoryUsage().arrayBuffers;
    };

    const early = read(5);
    const late = read(95);
    count += reader.end().length;

    expect(count).toBe(100 * 4001);
    expect(late - early).toBeLessThan(chunk.length);
  });
});

/** What a record may be broken with. */
const noise = fc.oneof(
  fc.constantFrom('{', '}', '"', '\\', '[', ']', ',', '\n', '<', '>', '<Event ', '</Event>', '<![CDATA[', '&', '\0'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

it('reads the same, however the stream is cut into pieces', () => {
  const streams = [
    `${own(1)}\n${own(2)}`,
    `[\n${pretty(1)},\n${pretty(2)}]`,
    `[5, "x", [1, "]"], ${own(1)}, null]`,
    `5\n"x"\n[1, "]"]\n${own(1)}`,
    `{ "value": [${own(1)},\n5], "Count": 2}`,
    xml(1) + xml(2),
    `<Events>${xml(1)}</Events>`,
    `Record 1\r\n${xml(1)}\r\nRecord 2\r\n${xml(2)}`,
    `Record 1\n${pretty(1)}\nRecord 2\n${pretty(2)}\n`,
    `{"took": 5, "hits": {"hits": [{"_source": ${own(1)}}, 7, {"_source": ${own(2)}}]}}`,
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...streams),
      fc.array(fc.tuple(fc.nat(), noise), { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
      (stream, changes, sizes) => {
        let text = stream;
        for (const [at, put] of changes) text = text.slice(0, at % text.length) + put + text.slice(at % text.length);
        const bytes = Buffer.from(text);
        const reader = new EventReader();
        const readings: Reading[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          readings.push(...reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        readings.push(...reader.end());
        expect(readings).toEqual(readEventsFrom(bytes));
      },
    ),
    { numRuns: 500 },
  );
});

it('never throws, whatever the octets', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', '{', '[', '<'), (bytes, start) => {
      expect(() => readEventsFrom(Buffer.concat([Buffer.from(start), bytes]))).not.toThrow();
    }),
    { numRuns: 1000 },
  );
});
