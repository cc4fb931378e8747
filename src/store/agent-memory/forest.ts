import type { DatabaseSync } from 'node:sqlite';
import { type HostName, hostNameOfRecord } from '../../kernel/host-name.ts';
import { readMeta, writeMeta } from '../database/meta.ts';

/** The domains of the forest as the directory named them last: it may be away when the agent starts. */
export function loadForest(database: DatabaseSync): readonly HostName[] {
  const names = readMeta(database, 'forest') ?? '';
  return names.split(' ').filter(Boolean).map(hostNameOfRecord);
}

export function saveForest(database: DatabaseSync, domains: readonly HostName[]): void {
  writeMeta(database, 'forest', domains.join(' '));
}
