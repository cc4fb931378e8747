import { quoteWql } from './escape.ts';

export interface EventLogQuery {
  /** `Key Management Service`, `Application`. */
  readonly channel: string;
  /** `EventCode`s; empty: every event. */
  readonly eventIds: readonly number[];
  /** Only records with a greater number. */
  readonly afterRecord?: number;
  /** Only records of this time or later, in milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** Only records before this time. */
  readonly before?: number | undefined;
}

/**
 * Asks `Win32_NTLogEvent`, for hosts that refuse a subscription. Without `Message`, which the host would render for
 * every record; with `InsertionStrings`, an array, which are the event's data.
 */
export function eventLogWql({ channel, eventIds, afterRecord, since, before }: EventLogQuery): string {
  const conditions = [`Logfile=${quoteWql(channel)}`];
  if (eventIds.length > 0) conditions.push(`(${eventIds.map((id) => `EventCode=${id}`).join(' OR ')})`);
  if (afterRecord !== undefined) conditions.push(`RecordNumber>${Math.trunc(afterRecord)}`);
  if (since !== undefined) conditions.push(`TimeGenerated>=${quoteWql(dmtf(since))}`);
  if (before !== undefined) conditions.push(`TimeGenerated<${quoteWql(dmtf(before))}`);
  return (
    'SELECT ComputerName,EventCode,InsertionStrings,Logfile,RecordNumber,SourceName,TimeGenerated ' +
    `FROM Win32_NTLogEvent WHERE ${conditions.join(' AND ')}`
  );
}

/** `yyyymmddHHMMSS.mmmmmm+000` (DSP0004 5.2.4). */
function dmtf(time: number): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T');
  return `${date.replaceAll('-', '')}${clock.slice(0, 8).replaceAll(':', '')}.${clock.slice(9, 12)}000+000`;
}
