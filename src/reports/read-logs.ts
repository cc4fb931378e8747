import { Properties } from './properties.ts';
import type { ReadLog } from './types.ts';

/** A host has two logs of KMS; more than these is somebody's play. */
const MAX_LOGS = 16;

/**
 * Reads which logs were read to which record: `[{"channel", "record_id"}]`.
 * @param value undefined or null: nothing is said of logs
 * @param mistakes gets what cannot be read
 */
export function readLogs(value: unknown, mistakes: string[]): readonly ReadLog[] | undefined {
  if (value === undefined || value === null) return undefined;
  // PowerShell writes a list of one as its only item.
  const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (rows.length > MAX_LOGS) mistakes.push(`logs has ${rows.length} entries: expected at most ${MAX_LOGS}`);
  return rows.slice(0, MAX_LOGS).flatMap((row, index) => {
    const isObject = typeof row === 'object' && row !== null && !Array.isArray(row);
    const log = new Properties(isObject ? row : {}, `logs[${index}]`, mistakes);
    const channel = log.text('channel');
    const recordId = log.number('record_id');
    if (channel !== undefined && recordId !== undefined) return [{ channel, recordId }];
    mistakes.push(`logs[${index}] is incomplete: expected {"channel", "record_id"}`);
    return [];
  });
}
