import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWmiObject } from './wmi-object.ts';
import { wmiArray, wmiDatetime } from './wmi-values.ts';
import { readXml } from './xml.ts';

const NIL = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"';

function instance(inside: string) {
  const document = readXml(`<p:C xmlns:p="urn:p">${inside}</p:C>`);
  if (!document.ok) throw new Error(document.error);
  return readWmiObject(document.value);
}

describe('an instance', () => {
  test('tells null from an empty text, and keeps what a text has', () => {
    expect(instance(`<p:A ${NIL}/><p:B></p:B><p:C/><p:D> x\ny </p:D><p:E>&lt;&#x41;&gt;</p:E>`)).toEqual({
      A: null,
      B: '',
      C: '',
      D: ' x\ny ',
      E: '<A>',
    });
  });

  test('has an array where an element comes again, in its order, also with others between', () => {
    expect(instance('<p:A>2</p:A><p:B>x</p:B><p:A>1</p:A><p:A></p:A>')).toEqual({ A: ['2', '1', ''], B: 'x' });
    expect(instance(`<p:A ${NIL}/><p:A>1</p:A>`)).toEqual({ A: ['1'] });
  });

  test('may have properties with names that objects have', () => {
    const odd = instance('<__proto__>1</__proto__><constructor>2</constructor><toString>3</toString>');

    expect(Object.entries(odd)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
      ['toString', '3'],
    ]);
  });

  test('has the text of a date that is in its own element', () => {
    const { A, B } = instance(
      '<p:A><c:Datetime xmlns:c="urn:c">2013-03-09T02:57:32Z</c:Datetime></p:A><p:B>\n <Datetime>2013-03-09T02:57:32Z</Datetime>\n</p:B>',
    );

    expect([A, B].map(wmiDatetime)).toEqual([Date.UTC(2013, 2, 9, 2, 57, 32), Date.UTC(2013, 2, 9, 2, 57, 32)]);
  });
});

test.each([
  ['2013-03-09T02:57:32Z', Date.UTC(2013, 2, 9, 2, 57, 32)],
  ['2013-03-09T02:57:39.5Z', Date.UTC(2013, 2, 9, 2, 57, 39, 500)],
  ['2013-03-09T02:57:43.488171Z', Date.UTC(2013, 2, 9, 2, 57, 43, 488)],
  ['2013-03-09T02:57:21.085Z', Date.UTC(2013, 2, 9, 2, 57, 21, 85)],
  ['2013-03-09T02:57:32', Date.UTC(2013, 2, 9, 2, 57, 32)],
  ['2013-03-09T02:57:32+02:00', Date.UTC(2013, 2, 9, 0, 57, 32)],
  ['2013-03-09T02:57:32-00:07', Date.UTC(2013, 2, 9, 3, 4, 32)],
  ['20110225134848.000000+000', Date.UTC(2011, 1, 25, 13, 48, 48)],
  ['20110225134848.250000-060', Date.UTC(2011, 1, 25, 14, 48, 48, 250)],
  ['1601-01-01T00:00:00Z', Date.UTC(1601, 0, 1)],
  ['16010101000000.000000+000', Date.UTC(1601, 0, 1)],
  ['2013-02-30T00:00:00Z', undefined],
  ['2013-02-28T24:00:00Z', undefined],
  ['20110225******.******+***', undefined],
  ['P2000D', undefined],
  ['00000003000000.000000:000', undefined],
  ['', undefined],
  [null, undefined],
])('the date %s', (text, time) => {
  expect(wmiDatetime(text)).toBe(time);
});

test('an array of one, of none and of several', () => {
  expect([wmiArray('a'), wmiArray(''), wmiArray(null), wmiArray(undefined), wmiArray(['a', 'b'])]).toEqual([
    ['a'],
    [''],
    [],
    [],
    ['a', 'b'],
  ]);
});

test('no text makes a reader throw or give what is no number', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789-:TZP.DHMS+*') });
  fc.assert(
    fc.property(
      fc.oneof(
        digits,
        fc.string(),
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      ),
      (text) => {
        const value = wmiDatetime(text);
        expect(value === undefined || Number.isFinite(value)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
