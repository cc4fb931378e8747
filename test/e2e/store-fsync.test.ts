import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { peerPath } from '../peers/find-peer.ts';
import { describeWithPeers } from '../peers/peer.ts';

const CHILD = fileURLToPath(new URL('../store/sender-child.ts', import.meta.url));
const RECORDS = 3000;

describeWithPeers('an acknowledgement', ['strace'], () => {
  it('comes after the sync of the write-ahead log that has its records', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kmswatch-fsync-'));
    const trace = join(folder, 'trace');
    const epoch = String(Math.floor(Date.now() / 1000) - 20 * 86_400);
    const command = [process.execPath, CHILD, join(folder, 'kmswatch.db'), epoch, '0', String(RECORDS)];
    const options = ['-f', '-y', '-o', trace, '-e', 'trace=fdatasync,fsync,write,pwrite64'];
    const child = spawn(peerPath('strace'), [...options, ...command], { stdio: ['ignore', 'ignore', 'inherit'] });
    await once(child, 'close');
    const order = eventsOf(await readFile(trace, 'utf8'));
    await rm(folder, { recursive: true });

    expect(order).toContain('answer');
    expect(order).toContain('sync');
    // Between two answers, whatever was written to the log was synced before the later one.
    let isDirty = false;
    for (const event of order) {
      if (event === 'write') isDirty = true;
      if (event === 'sync') isDirty = false;
      if (event === 'answer') expect(isDirty).toBe(false);
    }
  });
});

/** The trace, in order: writes to the write-ahead log, completed syncs of it, answers to the sender. */
function eventsOf(trace: string): ('write' | 'sync' | 'answer')[] {
  const events: ('write' | 'sync' | 'answer')[] = [];
  const begun = new Set<string>();
  for (const line of trace.split('\n')) {
    const [pid = ''] = line.split(' ');
    if (/pwrite64\(\d+<[^>]*-wal>/.test(line)) events.push('write');
    else if (/f(?:data)?sync\(\d+<[^>]*-wal>/.test(line) && line.includes('<unfinished')) begun.add(pid);
    else if (/f(?:data)?sync\(\d+<[^>]*-wal>/.test(line)) events.push('sync');
    else if (/<\.\.\. f(?:data)?sync resumed>/.test(line) && begun.delete(pid)) events.push('sync');
    else if (/ write\(1<[^>]*>, "\d+ \d+\\n/.test(line)) events.push('answer');
  }
  return events;
}
