import { printable } from '../../kernel/host-name.ts';
import { meansNothing } from '../nothing.ts';
import { dayReading, inOrder } from './calendar.ts';
import { machineDate } from './machine-date.ts';
import { secondsOfDay } from './time-of-day.ts';
import { bad, type DateReading, NEVER } from './types.ts';

const YEAR_FIRST = /^(\d{4})\s?([-/.年])\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})[.日]?(?=$|[T\s,])/;
const THREE_NUMBERS = /^(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?=$|[T\s,])/;
const DAY_MONTH_NAME = /^(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([A-Z]{3,9})[\s.,-]+(\d{4}|\d{2})(?=$|[T\s,])/i;
const MONTH_NAME_DAY = /^([A-Z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?=$|[T\s,])/i;
const WEEKDAY = /^\p{L}{2,12}\.?,\s+/u;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const MONTH_NAME =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/i;
/** Day 0 as spreadsheets show it. */
const SPREADSHEET_NOUGHT = /^(?:0?[01][-/.]0?[01][-/.](?:19)?00|1900[-/.]0?1[-/.]0?0)(?: 0?0:00.*)?$/;
const MARKS = /[\u200b-\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;
const LONGEST = 64;

/** Reads one value of a column of dates. Times without a zone are taken for UTC. */
export function readDate(text: string): DateReading {
  if (text.length > LONGEST) return bad('it is not a date');
  const plain = text.normalize('NFKC').replace(MARKS, '').replace(/\s+/g, ' ').trim();
  if (meansNothing(plain)) return NEVER;
  if (SPREADSHEET_NOUGHT.test(plain)) return NEVER;
  const value = plain.replace(WEEKDAY, '');
  return machineDate(value) ?? yearFirst(value) ?? threeNumbers(value) ?? withMonthName(value) ?? unread(plain);
}

function yearFirst(text: string): DateReading | undefined {
  const match = YEAR_FIRST.exec(text);
  if (match === null) return undefined;
  const time = secondsOfDay(text.slice(match[0].length));
  return time === undefined ? undefined : dayReading(Number(match[1]), Number(match[3]), Number(match[4]), time);
}

function threeNumbers(text: string): DateReading | undefined {
  const match = THREE_NUMBERS.exec(text);
  if (match === null) return undefined;
  const time = secondsOfDay(text.slice(match[0].length));
  if (time === undefined) return undefined;
  const numbers = [match[1] ?? '', match[3] ?? '', match[4] ?? ''] as const;
  if (match[2] === '.')
    return inOrder(numbers, time, 'dmy') ?? bad('with dots the day is first, and there is no such day');
  return { kind: 'numbers', numbers, secondsOfDay: time };
}

function withMonthName(text: string): DateReading | undefined {
  const dayFirst = DAY_MONTH_NAME.exec(text);
  const match = dayFirst ?? MONTH_NAME_DAY.exec(text);
  if (match === null) return undefined;
  const [name, day] = dayFirst === null ? [match[1], match[2]] : [match[2], match[1]];
  if (!MONTH_NAME.test(name ?? '')) return undefined;
  const time = secondsOfDay(text.slice(match[0].length));
  const year = match[3]?.length === 2 ? 2000 + Number(match[3]) : Number(match[3]);
  const month = MONTHS.indexOf(name?.slice(0, 3).toLowerCase() ?? '') + 1;
  return time === undefined ? undefined : dayReading(year, month, Number(day), time);
}

function unread(text: string): DateReading {
  return bad(/[^\P{Nd}0-9]/u.test(text) ? 'it has digits other than 0 to 9' : `'${printable(text, 32)}' is not a date`);
}
