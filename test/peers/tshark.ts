import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FIELDS = ['dcerpc.cn_frag_len', '_ws.malformed', '_ws.col.Info'];

/** Wireshark's reading of each message, as if it had come over TCP: its length, whether it is malformed, and its summary. */
export function dissect(messages: readonly Uint8Array[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'kmswatch-tshark-'));
  try {
    const capture = join(folder, 'messages.pcap');
    const dump = messages.map((message) => `0000 ${Buffer.from(message).toString('hex').replace(/../g, '$& ')}\n`);
    run('text2pcap', ['-q', '-T', '1688,21000', '-', capture], dump.join(''));
    const fields = FIELDS.flatMap((field) => ['-e', field]);
    const text = run('tshark', [
      '-r',
      capture,
      '-d',
      'tcp.port==1688,dcerpc',
      '-T',
      'fields',
      '-E',
      'separator=|',
      ...fields,
    ]);
    return text.trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], input = ''): string {
  const done = spawnSync(command, args, { input, encoding: 'utf8', timeout: 120_000 });
  if (done.status !== 0) throw new Error(`${command} failed: ${done.error?.message ?? done.stderr}`);
  return done.stdout;
}
