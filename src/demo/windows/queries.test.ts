import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredEvent } from './event-log.ts';
import { readEventXpath } from './event-xpath.ts';
import { readIsoDuration } from './iso-duration.ts';
import { NEVER, type WmiInstance } from './wmi-value.ts';
import { readWql } from './wql.ts';

const INSTANCE: WmiInstance = {
  Name: "O'Brien",
  Count: 4_294_967_295,
  Empty: '',
  Nothing: null,
  Primary: true,
  Many: ['a'],
  Size: 18_446_744_073_709_551_613n,
  Time: { milliseconds: Date.UTC(2026, 4, 4, 10, 11, 12, 500) },
  End: NEVER,
};

describe('WQL', () => {
  test.each([
    ['', true],
    ["WHERE Name = 'o\\'brien'", true],
    ["where name='other' OR primary=TRUE", true],
    ["WHERE Name='other' OR Primary=TRUE AND Count=1", false],
    ["WHERE (Name='other' OR Primary=TRUE) AND Count=4294967295", true],
    ['WHERE NOT Count < 5', true],
    ['WHERE Count <> 4294967295', false],
    ['WHERE Size > 18446744073709551612', true],
    ['WHERE Nothing IS NULL AND Name IS NOT NULL', true],
    ['WHERE Nothing = 1', false],
    ['WHERE Nothing <> 1', false],
    ['WHERE Nothing = NULL', true],
    ["WHERE Empty = ''", true],
    ["WHERE Many = 'a'", false],
    ["WHERE Name LIKE 'O_b%'", true],
    ["WHERE Name LIKE 'b%'", false],
    ["WHERE Time >= '20260504101112.000000+000'", true],
    ["WHERE Time >= '20260504121112.000000+060'", false],
    ["WHERE Time > 'yesterday'", false],
    ["WHERE End < '19000101000000.000000+000'", true],
  ])('SELECT * FROM X %s: %s', (where, expected) => {
    const read = readWql(`SELECT * FROM X ${where}`);

    expect(read.ok && read.value.matches(INSTANCE)).toBe(expected);
  });

  test('names its columns and every property', () => {
    expect(readWql('select A, b from C where D = 1 and A < 2')).toMatchObject({
      ok: true,
      value: { columns: ['A', 'b'], className: 'C', properties: ['A', 'b', 'D', 'A'] },
    });
  });

  test.each([
    '',
    'SELECT',
    'SELECT * FROM',
    'SELECT A, FROM B',
    'SELECT * FROM A B',
    'SELECT * FROM A WHERE',
    'SELECT * FROM A WHERE B',
    'SELECT * FROM A WHERE B = ',
    "SELECT * FROM A WHERE B = 'c",
    'SELECT * FROM A WHERE (B = 1',
    'SELECT * FROM A; DELETE',
    "SELECT * FROM A WHERE B LIKE '%a%b%c%d%'",
    `SELECT * FROM A WHERE ${'('.repeat(100)}B = 1${')'.repeat(100)}`,
    `SELECT * FROM A WHERE ${'B = 1 OR '.repeat(2000)}B = 1`,
    `SELECT * FROM A WHERE B = '${'x'.repeat(20_000)}'`,
  ])('refuses %s', (text) => {
    expect(readWql(text).ok).toBe(false);
  });
});

describe('XPath of event queries', () => {
  const EVENT: StoredEvent = {
    channel: 'Application',
    recordId: 77,
    eventId: 12293,
    time: Date.UTC(2026, 4, 4),
    data: [],
    provider: 'Microsoft-Windows-Security-SPP',
  };

  test.each([
    ['*', true],
    ['Event', true],
    ['*[System[(EventID=12293)]]', true],
    ['*[System[EventID=12290 or EventID=12293]]', true],
    ['*[System[(EventID>=12291 and EventID<=12294)]]', true],
    ['*[System[EventID>12293]]', false],
    ["*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and (Level=2)]]", true],
    ["*[System[Provider[@Name='A' or @Name='Microsoft-Windows-Security-SPP']]]", true],
    ["*[System[Provider[@Name='other']]]", false],
    ['Event[System[EventID!=12293]]', false],
    ['*[System[not(EventID=1)]]', true],
    ['*[System[EventRecordID>76]][System[EventRecordID<78]]', true],
    ["*[System[TimeCreated[@SystemTime>='2026-05-03T00:00:00.000Z']]]", true],
    ["*[System[TimeCreated[@SystemTime<'2026-05-03T00:00:00.000Z']]]", false],
    ["*[System[Channel='Application']]", true],
  ])('%s: %s', (text, expected) => {
    const read = readEventXpath(text);

    expect(read.ok && read.value(EVENT)).toBe(expected);
  });

  test.each([
    '',
    '**',
    '*[',
    '*[System]x',
    '*[EventID=1]',
    '*[System[Nothing=1]]',
    '*[System[EventID<>1]]',
    '*[SYSTEM[EventID=1]]',
    '*[System[EventID=1 OR EventID=2]]',
    '*[System[EventID=]]',
    "*[System[Provider[Name='x']]]",
    "*[System[Provider[@Guid='x']]]",
    `*${'[System'.repeat(100)}`,
  ])('refuses %s', (text) => {
    expect(readEventXpath(text).ok).toBe(false);
  });
});

test('no text breaks a reader', () => {
  const words = fc.constantFrom(
    'SELECT',
    '*',
    'FROM',
    'A',
    'WHERE',
    'B',
    '=',
    '1',
    "'x'",
    'AND',
    'or',
    'not',
    '(',
    ')',
    '[',
    ']',
    'System',
    'EventID',
    '@',
    'Name',
    'Provider',
    'like',
    "'%%'",
    '\\',
    '"',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 30 }).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const read of [readWql(text), readWql(`SELECT * FROM A WHERE ${text}`)]) {
        if (read.ok) expect(typeof read.value.matches(INSTANCE)).toBe('boolean');
        else expect(read.error).not.toBe('');
      }
      const filter = readEventXpath(`*[System[${text}]]`);
      expect(filter.ok || filter.error !== '').toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['PT60.000S', 60_000],
  ['PT5S', 5_000],
  ['PT0.25S', 250],
  ['P1DT2H3M4S', 93_784_000],
  ['PT1H', 3_600_000],
  ['P999999D', 2 ** 31 - 1],
  ['P', undefined],
  ['PT', undefined],
  ['P1DT', undefined],
  ['60', undefined],
  ['PT1', undefined],
  ['-PT1S', undefined],
  ['P1Y', undefined],
  ['', undefined],
])('the duration %s is %s ms', (text, expected) => {
  expect(readIsoDuration(text)).toBe(expected);
});
