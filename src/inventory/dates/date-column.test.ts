import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_S, rfc3339OfSeconds, seconds } from '../../kernel/time.ts';
import { DateColumn, latestOf, type SettledDate } from './date-column.ts';

const NOW = seconds(Date.UTC(2026, 10, 28, 12) / 1000);

function settleAll(...texts: readonly string[]): readonly SettledDate[] {
  const column = new DateColumn();
  return texts.map((text, index) => column.read(text, index + 1)).map((reading) => column.settle(reading, NOW));
}

/** The times of a value in a column with others; `never`, or the reason why it is refused. */
function meaning(text: string, ...others: readonly string[]): string {
  const date = settleAll(text, ...others)[0];
  if (date?.kind === 'times') return date.times.map((time) => rfc3339OfSeconds(time)).join(' or ');
  return date?.kind === 'bad' ? date.reason : 'never';
}

function noteOf(...texts: readonly string[]): string | null {
  const column = new DateColumn();
  for (const [index, text] of texts.entries()) column.read(text, index + 1);
  return column.note();
}

describe('a date that says by itself what it means', () => {
  it.each([
    ['2026-11-05', '2026-11-05T00:00:00Z'],
    ['2026-11-05T14:03:11Z', '2026-11-05T14:03:11Z'],
    ['2026-11-05T14:03:11.1234567+01:00', '2026-11-05T13:03:11Z'],
    ['2026-11-05 06:12:33.0000000', '2026-11-05T06:12:33Z'],
    ['2026/11/05 2:03:11 PM', '2026-11-05T14:03:11Z'],
    ['2026. 11. 05. 14:03:11', '2026-11-05T14:03:11Z'],
    ['2026年11月5日 下午 2:03:11', '2026-11-05T14:03:11Z'],
    ['05.11.2026 14:03:11', '2026-11-05T14:03:11Z'],
    ['05.11.2026 14.03.11', '2026-11-05T14:03:11Z'],
    ['5.11.26', '2026-11-05T00:00:00Z'],
    ['5. 11. 2026 14:03', '2026-11-05T14:03:00Z'],
    ['05.11.2026 г. 14:03:11 ч.', '2026-11-05T14:03:11Z'],
    ['Thursday, 5 November 2026 07:00:00', '2026-11-05T07:00:00Z'],
    ['Thursday, November 5, 2026 7:00:00 AM', '2026-11-05T07:00:00Z'],
    ['05-Nov-26', '2026-11-05T00:00:00Z'],
    ['26/11/2026 12:00:05 a.m.', '2026-11-26T00:00:05Z'],
    ['11/26/2026 2:03:11\u202fPM', '2026-11-26T14:03:11Z'],
    ['26/11/2026 2:03:11 μμ', '2026-11-26T14:03:11Z'],
    ['134402364000000000', '2026-11-27T07:00:00Z'],
    ['/Date(1795698191000)/', '2026-11-26T13:03:11Z'],
    ['/Date(1795698191000+0100)/', '2026-11-26T13:03:11Z'],
    ['1795698191', '2026-11-26T13:03:11Z'],
    ['46331', '2026-11-05T00:00:00Z'],
    ['46331.5', '2026-11-05T12:00:00Z'],
    ['46331,25', '2026-11-05T06:00:00Z'],
    ['20261105140311.0Z', '2026-11-05T14:03:11Z'],
    ['20261105140311.000000+060', '2026-11-05T13:03:11Z'],
    ['20261105', '2026-11-05T00:00:00Z'],
    ['11/11/2026 9:00:00 AM', '2026-11-11T09:00:00Z'],
  ])('%s', (text, expected) => {
    expect(meaning(text)).toBe(expected);
  });

  it.each([
    ...['', '  ', '0', 'n/a', 'Never', '-', 'null', '9223372036854775807', '/Date(-62135596800000)/', '01/01/1601'],
    ...['0001-01-01 00:00:00.0000000', '1601-01-01T00:00:00Z', '1/1/0001 12:00:00 AM', '01.01.0001 00:00:00'],
    ...[
      '12/31/1600 4:00:00 PM',
      '1970-01-01T00:00:00Z',
      '16010101000000.0Z',
      '1/1/1900',
      '1/0/1900',
      '00.01.1900',
      '1/0/00',
      '1900-01-00 00:00:00',
    ],
  ])('%j means that it was not seen', (text) => {
    expect(meaning(text)).toBe('never');
  });

  it.each([
    ['26/11/2569', 'the year 2569 is of another calendar, or wrong'],
    ['2569-11-26', 'the year 2569 is of another calendar, or wrong'],
    ['07/06/1448', 'the year 1448 is of another calendar, or wrong'],
    ['1405/09/05', 'the year 1405 is of another calendar, or wrong'],
    ['٢٦/١١/٢٠٢٦', 'it has digits other than 0 to 9'],
    ['R8.11.26', "'R8.11.26' is not a date"],
    ['2026-11-30', 'it is in the future, or of another calendar'],
    ['46360', 'it is in the future, or of another calendar'],
    ['1.34402E+17', 'a spreadsheet has rounded it'],
    ['31.02.2026', 'with dots the day is first, and there is no such day'],
    ['31/31/2026', 'there is no such day'],
    ['yesterday', "'yesterday' is not a date"],
    ['5 Brumaire 2026', "'5 Brumaire 2026' is not a date"],
    ['26/11/2026 noon', "'26/11/2026 noon' is not a date"],
    ['2026-11-05 25:00', "'2026-11-05 25:00' is not a date"],
    ['12345', 'the year 1933 is of another calendar, or wrong'],
    ['2026-02-30', 'there is no such day'],
  ])('%s is refused: %s', (text, reason) => {
    expect(meaning(text)).toBe(reason);
  });

  it('takes the near future, for clocks and zones differ', () => {
    expect(meaning('2026-11-29 11:00')).toBe('2026-11-29T11:00:00Z');
  });
});

describe('a column of dates with slashes', () => {
  it('is decided by one value whose day is above 12, wherever it is', () => {
    expect(meaning('05/11/2026', '07/08/2026', '26/11/2026')).toBe('2026-11-05T00:00:00Z');
    expect(meaning('11/5/2026', '11/26/2026')).toBe('2026-11-05T00:00:00Z');
    expect(noteOf('05/11/2026', '26/11/2026')).toBe('day first, decided by row 2');
    expect(noteOf('11/5/2026', '1/2/2026', '11/26/2026')).toBe('month first, decided by row 3');
    expect(noteOf('2026-11-05', '05.11.2026')).toBeNull();
  });

  it('stays open if nothing decides, whatever AM and PM say', () => {
    expect(meaning('05/11/2026 2:03:11 pm', '07/08/2026')).toBe('2026-11-05T14:03:11Z or 2026-05-11T14:03:11Z');
    expect(noteOf('05/11/2026 2:03:11 pm')).toBe('day or month first: nothing decides');
  });

  it('decides with hyphens as with slashes', () => {
    expect(meaning('05-11-2026', '26-11-2026')).toBe('2026-11-05T00:00:00Z');
    expect(meaning('05-11-2026')).toBe('2026-11-05T00:00:00Z or 2026-05-11T00:00:00Z');
  });

  it('is not decided by the future: that one may be the mistake', () => {
    expect(meaning('08/12/2026')).toBe('2026-12-08T00:00:00Z or 2026-08-12T00:00:00Z');
  });

  it('that has both orders leaves open all that is not clear by itself', () => {
    const texts = ['26/11/2026', '11/26/2026', '05/11/2026'];
    expect(noteOf(...texts)).toBe('day and month in both orders: row 2 contradicts');
    const kinds = settleAll(...texts).map((date) => (date.kind === 'times' ? date.times.length : date.kind));
    expect(kinds).toEqual([1, 1, 2]);
  });

  it('with years of two digits may have the year first', () => {
    expect(meaning('11/26/26', '11/5/26')).toBe('2026-11-26T00:00:00Z');
    expect(meaning('26/11/12')).toBe('2012-11-26T00:00:00Z or 2026-11-12T00:00:00Z');
    expect(meaning('26/11/12', '5/11/26')).toBe('2012-11-26T00:00:00Z');
  });

  it('never gives a day that was not meant, in either order', () => {
    const day = fc.date({ min: new Date('2024-01-01'), max: new Date('2026-11-28'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 8 }), fc.boolean(), (days, dayFirst) => {
        const texts = days.map((each) => {
          const [d, m] = [each.getUTCDate(), each.getUTCMonth() + 1];
          return `${dayFirst ? `${d}/${m}` : `${m}/${d}`}/${each.getUTCFullYear()}`;
        });
        for (const [index, date] of settleAll(...texts).entries()) {
          const meant = Math.floor((days[index]?.getTime() ?? 0) / 1000 / DAY_S) * DAY_S;
          expect(date.kind === 'times' && date.times.includes(seconds(meant))).toBe(true);
          if (texts.some((_, at) => (days[at]?.getUTCDate() ?? 0) > 12)) expect(date).toMatchObject({ times: [meant] });
        }
      }),
    );
  });

  it('throws at no text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.stringMatching(/^[\d/.: -]{1,24}$/), fc.string({ unit: 'binary' }))),
        (texts) => {
          expect(settleAll(...texts)).toHaveLength(texts.length);
        },
      ),
    );
  });
});

describe('the latest of several dates', () => {
  it('is open only if the answer depends on the order', () => {
    const [may, october, november] = [seconds(5), seconds(10), seconds(11)];
    expect(latestOf([])).toEqual([]);
    expect(latestOf([[may], [november]])).toEqual([november]);
    expect(latestOf([[may, october], [november]])).toEqual([november]);
    expect(latestOf([[may, november], [october]])).toEqual([october, november]);
  });
});
