import { z } from 'zod';
import { startBind } from '../test/peers/bind.ts';
import { findPeer } from '../test/peers/find-peer.ts';
import { startBlackbox } from './blackbox.ts';
import { askChild } from './child.ts';
import { median } from './measure.ts';
import { microseconds, print, ratio, say } from './report.ts';

const LOOKUPS = 4000;
const WARM_UP = 4000;
const CONCURRENCY = 50;
const REPETITIONS = 3;

const RECORDS = [
  '_vlmcs._tcp SRV 0 0 1688 kms01',
  '_vlmcs._tcp SRV 0 0 1688 kms02',
  'kms01 A 127.1.0.1',
  'kms02 A 127.1.0.2',
];

/** CPU time of an SRV lookup beside that of blackbox_exporter's dns prober, both against one BIND. */
export async function srvCpu(): Promise<void> {
  const blackbox = await startBlackbox();
  const zones = { 'corp.example.com': RECORDS };
  const bind = findPeer('named') === undefined ? undefined : await startBind({ zones });
  if (blackbox === undefined || bind === undefined) {
    say('\nSRV CPU: left out, bind9 or prometheus-blackbox-exporter is not installed');
    await blackbox?.stop();
    await bind?.stop();
    return;
  }
  const target = [`127.0.0.1:${bind.port}`];
  const ours: number[] = [];
  const theirs: number[] = [];
  await blackbox.cpuPerProbe('srv', target, WARM_UP, CONCURRENCY);
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    theirs.push(await blackbox.cpuPerProbe('srv', target, LOOKUPS, CONCURRENCY));
    const input = { port: bind.port, count: LOOKUPS, warmUp: WARM_UP, concurrency: CONCURRENCY };
    ours.push((await askChild('srv-cpu-child.ts', input, z.object({ cpuPerLookup: z.number() }))).cpuPerLookup);
  }
  await blackbox.stop();
  await bind.stop();
  print(`CPU time of an SRV lookup (${LOOKUPS} lookups, ${CONCURRENCY} at once, median of ${REPETITIONS})`, [
    { what: 'kmswatch: query, answer, records and addresses', value: microseconds(median(ours)) },
    { what: 'blackbox_exporter dns, an HTTP request each', value: microseconds(median(theirs)) },
    { what: 'ratio', value: ratio(median(ours) / median(theirs)), bar: '0.25' },
  ]);
}
