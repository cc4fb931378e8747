import { columnKey } from './column-names.ts';

/** Columns and keys of log records in any form; no list has them. */
const OF_RECORDS = new Set(
  [
    'eventid eventrecordid recordid recordnumber instanceid replacementstrings channel logname eventlog providername',
    'winlog event raw timegenerated timewritten eventdata providersource clixml resourcelogs streams hits',
    'timecreated eventcode message facility sourcetype clientmachineid keymanagementservicelisteningport',
  ].flatMap((line) => line.split(' ')),
);
/** Names of a time that log systems alone use; a list may have a column Time or Timestamp. */
const TIMES_OF_RECORDS = new Set(['@timestamp', '_time', '__REALTIME_TIMESTAMP']);
/** The keys of kmswatch's own form that a record cannot do without. */
const OWN_FORM = ['host', 'time', 'data'] as const;

/** Of those, the ones that nobody has in a list for another reason; the others are a building or a remark when alone. */
const OF_RECORDS_ALONE = new Set(['eventid', 'eventrecordid', 'winlog']);

/** Whether columns, or keys of JSON, are those of log records without doubt. */
export function areOfRecordsAlone(keys: readonly string[]): boolean {
  const ofRecords = keys.map(columnKey).filter((key) => OF_RECORDS.has(key));
  if (ofRecords.length > 1 || ofRecords.some((key) => OF_RECORDS_ALONE.has(key))) return true;
  return isOwnForm(keys) || keys.some((key) => TIMES_OF_RECORDS.has(key));
}

/** Whether columns, or keys of JSON, may be those of log records. */
export function areKeysOfRecords(keys: readonly string[]): boolean {
  return keys.some(isOfRecords) || isOwnForm(keys);
}

/** A part counts as the whole: `winlog.event_id`. */
function isOfRecords(key: string): boolean {
  return TIMES_OF_RECORDS.has(key) || [key, ...key.split('.')].some((part) => OF_RECORDS.has(columnKey(part)));
}

function isOwnForm(keys: readonly string[]): boolean {
  return OWN_FORM.every((key) => keys.includes(key));
}
