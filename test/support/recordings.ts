import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'vitest';
import { NEEDS } from '../peers/peer.ts';

/** Recorded answers of real services, logs of real machines, and what administrators have tried. They belong to others and are no part of this project. */
const FOLDER = join(import.meta.dirname, '../../../shared/data');

/** A `describe` whose tests read recordings; skipped by name where those are not. */
export function describeWithRecordings(
  title: string,
  body: () => void,
  kind: 'wsman' | 'evtx' | 'cases' = 'wsman',
): void {
  if (existsSync(join(FOLDER, kind))) describe(title, body);
  else describe.skipIf(true)(`${title} (${NEEDS} ../shared/data/${kind})`, body);
}

/** A recorded answer. A template for the id of the request is replaced by that id. */
export async function recording(name: string, messageId: string): Promise<string> {
  const text = await readFile(join(FOLDER, 'wsman', name), 'utf8');
  return text.replace(/\{\{[^}]*\}\}/g, messageId);
}

/** The path of a recorded log. */
export function recordedLog(name: string): string {
  return join(FOLDER, 'evtx', name);
}

/** The octets of something that an administrator has. */
export function caseOf(name: string): Promise<Buffer> {
  return readFile(join(FOLDER, 'cases', name));
}
