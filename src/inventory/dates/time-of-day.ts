import { HOUR_S, MINUTE_S } from '../../kernel/time.ts';

/** Morning and afternoon as cultures of .NET write them. */
const AFTERNOON = /^(?:pm|p\.?\s?m\.?|μμ|μ\.μ\.|오후|下午|午後|م|nm|ip|ch)$/i;
const MORNING = /^(?:am|a\.?\s?m\.?|πμ|π\.μ\.|오전|上午|午前|ص|vm|fm|sa)$/i;
const CLOCK = /(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?/;
const ZONE = /\s*(?:Z|UTC|GMT|([+-])(\d{2}):?(\d{2})?)$/i;
/** Words around a time that say nothing. */
const FILLER = /\b(?:um|uhr|at|kl|klo|h)\b\.?|(?:^|\s)(?:г|ч)\.?(?=\s|$)|^[T,\s]+/gi;

/**
 * Reads what follows a date: `14:03:11`, `2:03 PM`, `T14:03:11.123Z`, `14:03:11 +01:00`. Without a zone it is UTC.
 * @returns seconds from the start of that day in UTC; undefined if it is no time
 */
export function secondsOfDay(text: string): number | undefined {
  const rest = text.replace(FILLER, ' ').trim();
  if (rest === '') return 0;
  const zone = CLOCK.test(rest) ? ZONE.exec(rest) : null;
  const local = zone === null ? rest : rest.slice(0, zone.index);
  const clock = CLOCK.exec(local);
  if (clock === null) return undefined;
  const half = `${local.slice(0, clock.index)}${local.slice(clock.index + clock[0].length)}`.trim();
  const hour = hourOf(Number(clock[1]), half);
  const [minute, second] = [Number(clock[2]), Number(clock[3] ?? 0)];
  if (hour === undefined || hour > 24 || minute > 59 || second > 60) return undefined;
  return hour * HOUR_S + minute * MINUTE_S + second - offsetOf(zone);
}

function hourOf(hour: number, half: string): number | undefined {
  if (half === '') return hour;
  // Some cultures write 14:03 PM.
  if (AFTERNOON.test(half)) return hour < 12 ? hour + 12 : hour;
  if (MORNING.test(half)) return hour === 12 ? 0 : hour;
  return undefined;
}

function offsetOf(zone: RegExpExecArray | null): number {
  if (zone?.[1] === undefined) return 0;
  return (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * HOUR_S + Number(zone[3] ?? 0) * MINUTE_S);
}
