import { z } from 'zod';
import { accepts, startDaemon } from '../test/peers/daemon.ts';
import { freePort } from '../test/peers/free-port.ts';
import { findPeer } from '../test/peers/install.ts';
import { temporaryFolder } from '../test/peers/temporary-folder.ts';
import { startBlackbox } from './blackbox.ts';
import { askChild } from './child.ts';
import { median } from './measure.ts';
import { microseconds, print, ratio, say } from './report.ts';

const LOOKUPS = 4000;
const WARM_UP = 4000;
const CONCURRENCY = 50;
const REPETITIONS = 3;

const ZONE = `$TTL 3600
@ SOA ns1 hostmaster 1 3600 900 604800 300
@ NS ns1
ns1 A 127.0.0.1
_vlmcs._tcp SRV 0 0 1688 kms01
_vlmcs._tcp SRV 0 0 1688 kms02
kms01 A 127.1.0.1
kms02 A 127.1.0.2
`;

/** CPU time of an SRV lookup beside that of blackbox_exporter's dns prober, both against one BIND. */
export async function srvCpu(): Promise<void> {
  const blackbox = await startBlackbox();
  const bind = await startBind();
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

async function startBind(): Promise<{ port: number; stop(): Promise<void> } | undefined> {
  const program = findPeer('named');
  if (program === undefined) return undefined;
  const folder = await temporaryFolder();
  const port = await freePort();
  await folder.write('corp.zone', ZONE);
  const config = await folder.write(
    'named.conf',
    `options {
  directory "${folder.path}"; pid-file none; session-keyfile none; recursion no;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
};
controls { };
zone "corp.example.com" { type primary; file "corp.zone"; };
`,
  );
  const daemon = await startDaemon({ command: [program, '-g', '-c', config], ready: () => accepts(port) });
  return {
    port,
    async stop() {
      await daemon.stop();
      await folder.remove();
    },
  };
}
