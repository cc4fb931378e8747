import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from './agent.ts';

/** A record as wevtutil writes it: the first one of the sample, of another client and host, and of now. */
export async function savedRequest(client: string, host: string): Promise<string> {
  const sample = await readFile(join(REPOSITORY, 'test/data/events/event-xml-wevtutil.xml'), 'utf8');
  const [record = ''] = sample.split(/(?<=<\/Event>)/);
  const now = new Date().toISOString();
  return record
    .replaceAll('WKS01.corp.example.com', client)
    .replaceAll('2026/5/4 10:11', now.slice(0, 16).replaceAll('-', '/').replace('T', ' '))
    .replace(/<Computer>[^<]*/, `<Computer>${host}`)
    .replace(/<EventRecordID>\d+/, `<EventRecordID>${client.replace(/\D/g, '')}`)
    .replace(/SystemTime='[^']*'/, `SystemTime='${now}'`);
}
