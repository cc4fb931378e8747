import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'undici';
import { z } from 'zod';
import { TOKEN } from './agent.ts';
import { answer, readInput } from './child.ts';
import { inParallel } from './measure.ts';

/** Senders in a separate process, so that their own cost is not measured. */
const Job = z.object({ url: z.string(), folder: z.string(), count: z.int(), senders: z.int() });
const Summary = z.object({ accepted: z.int(), duplicate: z.int(), rejected_count: z.int() });

const job = await readInput(Job);
const pool = new Pool(job.url, { connections: job.senders, headersTimeout: 0, bodyTimeout: 0 });
let accepted = 0;
const latencies: number[] = [];
const began = performance.now();
await inParallel(job.count, job.senders, send);
answer({ seconds: (performance.now() - began) / 1000, accepted, slowest: Math.max(...latencies) });

async function send(index: number): Promise<void> {
  const body = await readFile(join(job.folder, String(index)));
  const sent = performance.now();
  const response = await pool.request({
    path: '/api/v1/events',
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body,
  });
  const text = await response.body.text();
  latencies.push(performance.now() - sent);
  if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${text}`);
  accepted += Summary.parse(JSON.parse(text)).accepted;
}
