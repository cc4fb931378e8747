import type { RecordKey } from './types.ts';

/** Puts records in their place: by time, host, log and record id. For `Array.sort`. */
export function compareRecords(a: RecordKey, b: RecordKey): number {
  return a.time - b.time || compareText(a.host, b.host) || compareText(a.log, b.log) || a.recordId - b.recordId;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
