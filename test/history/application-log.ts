import type { LogRecord } from '../../src/demo/fleet/log-record.ts';
import { DAY_S, HOUR_S, rfc3339OfSeconds, seconds } from '../../src/kernel/time.ts';

/** Above the numbers of the fleet's own records. */
const FIRST_NUMBER = 1_000_000;

const HOSTS = [
  { host: 'kms01.corp.example', domain: 'corp.example' },
  { host: 'kms05.corp.example', domain: 'corp.example' },
  { host: 'kms01.servers.example', domain: 'servers.example' },
  { host: 'kms01.branch.example', domain: 'branch.example' },
] as const;

/** The first host could not publish for a day, long ago; the licensing service of another did not start at once. */
const UNPUBLISHED = { host: 'kms01.corp.example', before: 40 * DAY_S };
const UNSTARTED = { host: 'kms01.servers.example', before: 90 * DAY_S };

const E_ACCESS_DENIED = '0x8007232A';
const E_TIMEOUT = '0x800705B4';

/**
 * The log "Application" of the hosts of the demo's fleet, which the fleet leaves out: each host publishes its record
 * once a day.
 * @param from whole seconds since the epoch, as `to` (not included) and the end of the history
 */
export function* applicationLog(from: number, to: number, end: number): Iterable<LogRecord> {
  for (let day = Math.floor(from / DAY_S); day * DAY_S < to; day += 1) {
    for (const record of HOSTS.flatMap((each, index) => recordsOf(each, day * DAY_S + 3 * HOUR_S + index * 240, end))) {
      const time = Date.parse(record.time) / 1000;
      if (time >= from && time < to) yield record;
    }
  }
}

/** The records of a host on one day. */
function recordsOf({ host, domain }: (typeof HOSTS)[number], time: number, end: number): readonly LogRecord[] {
  const number = FIRST_NUMBER + 2 * Math.floor(time / DAY_S);
  const isOn = (day: typeof UNPUBLISHED | typeof UNSTARTED): boolean =>
    host === day.host && Math.floor(time / DAY_S) === Math.floor((end - day.before) / DAY_S);
  const publishing: LogRecord = isOn(UNPUBLISHED)
    ? { ...keyOf(host, time, number), event_id: 12293, data: [E_ACCESS_DENIED, domain] }
    : { ...keyOf(host, time, number), event_id: 12294, data: [domain] };
  const starting: LogRecord = { ...keyOf(host, time, number + 1), event_id: 12291, data: [E_TIMEOUT] };
  return isOn(UNSTARTED) ? [publishing, starting] : [publishing];
}

function keyOf(host: string, time: number, number: number): Pick<LogRecord, 'host' | 'channel' | 'record_id' | 'time'> {
  return { host, channel: 'Application', record_id: number, time: rfc3339OfSeconds(seconds(time)) };
}
