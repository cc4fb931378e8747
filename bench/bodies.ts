import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WRITERS } from '../test/data/events/writers.ts';
import { recordsOf, type Series } from './log-records.ts';

/** The batch of a shipper. */
const RECORDS_PER_BODY = 1000;

/** Of `WRITERS`. */
export type Form = string;

/** A series in one form, as files of bodies ready to be sent. */
export interface Bodies {
  readonly folder: string;
  readonly count: number;
  readonly records: number;
}

/** Writes them once; the next run finds them. */
export async function bodiesOf(folder: string, series: Series, form: Form): Promise<Bodies> {
  const name = createHash('sha256').update(JSON.stringify({ series, form })).digest('hex').slice(0, 16);
  const path = join(folder, name);
  const bodies = { folder: path, count: Math.ceil(series.records / RECORDS_PER_BODY), records: series.records };
  if (existsSync(path)) return bodies;
  const half = `${path}.half`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true });
  const write = WRITERS[form];
  if (write === undefined) throw new Error(`no form is called ${form}`);
  let lines: string[] = [];
  let written = 0;
  for (const record of recordsOf(series)) {
    lines.push(write(record));
    if (lines.length < RECORDS_PER_BODY) continue;
    await writeFile(join(half, String(written)), `${lines.join('\n')}\n`);
    written += 1;
    lines = [];
  }
  if (lines.length > 0) await writeFile(join(half, String(written)), `${lines.join('\n')}\n`);
  await rename(half, path);
  return bodies;
}
