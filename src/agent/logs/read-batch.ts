import { parseEventTime } from '../../activations/event-time.ts';
import { type EventFields, textOf, wholeOf } from '../../activations/fields.ts';
import { readEvent } from '../../activations/read-event.ts';
import type { EventRecord, LogName } from '../../activations/types.ts';
import type { HostName } from '../../kernel/host-name.ts';
import type { Unread } from '../../store/store-types.ts';
import type { WmiObject } from '../../winrm/types.ts';
import { wmiArray, wmiDatetime } from '../../winrm/wmi-values.ts';
import type { LogPosition } from './log-place.ts';
import { CHANNELS, LOG_NAMES } from './log-queries.ts';

/** A batch of events from a host's logs. */
export interface Batch {
  readonly records: readonly EventRecord[];
  readonly unread: Unread;
  /** Of every record, also of those that are not taken. */
  readonly positions: readonly { readonly log: LogName; readonly position: LogPosition }[];
}

/** @param host who was asked: its records are its own, by whatever name of it they call it */
export function readBatch(host: HostName, events: Iterable<EventFields>): Batch {
  const records: EventRecord[] = [];
  const unread = { ignored: 0, rejected: 0 };
  const positions: Batch['positions'][number][] = [];
  for (const fields of events) {
    const log = LOG_NAMES.find((name) => CHANNELS[name].toLowerCase() === textOf(fields.channel).toLowerCase());
    const position = positionOf(fields);
    if (log !== undefined && position !== undefined) positions.push({ log, position });
    const record = readEvent({ ...fields, host });
    if (record.ok) records.push(record.value);
    else unread[record.error.kind]++;
  }
  return { records, unread, positions };
}

/** The position of any event in its log. */
export function positionOf({ recordId, time }: EventFields): LogPosition | undefined {
  const number = wholeOf(recordId);
  const seconds = parseEventTime(time);
  return number === undefined || !seconds.ok ? undefined : { recordId: number, time: seconds.value };
}

/** An instance of Win32_NTLogEvent as the fields of an event. */
export function fieldsOfLogEvent(event: WmiObject): EventFields {
  const time = wmiDatetime(event['TimeGenerated']);
  return {
    eventId: event['EventCode'],
    provider: event['SourceName'],
    channel: event['Logfile'],
    host: event['ComputerName'],
    recordId: event['RecordNumber'],
    time: time === undefined ? undefined : new Date(time).toISOString(),
    data: wmiArray(event['InsertionStrings']),
    message: undefined,
  };
}
