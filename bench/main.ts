/**
 * `npm run bench [NAME...]`: the cost of the program, as ratios within one run on one machine. It prints figures next
 * to their bars and leaves the judgement to the reader: a slow machine is not a failure.
 */
import { clones } from './clones.ts';
import { conditions } from './conditions.ts';
import { evtx, evtxFuzz } from './evtx.ts';
import { forms, ingest, newest, strangers } from './ingest.ts';
import { killed } from './killed.ts';
import { liveProbe } from './live-probe.ts';
import { machines } from './machines.ts';
import { million } from './million.ts';
import { pages } from './pages.ts';
import { probeCpu } from './probe-cpu.ts';
import { machine, say } from './report.ts';
import { reports } from './reports.ts';
import { round } from './round.ts';
import { scale } from './scale.ts';
import { srvCpu } from './srv-cpu.ts';
import { start } from './start.ts';
import { count, explain } from './store.ts';
import { yardstick } from './yardstick.ts';

const BENCHES = {
  conditions,
  ingest,
  strangers,
  forms,
  evtx,
  'evtx-fuzz': evtxFuzz,
  newest,
  million,
  clones,
  killed,
  machines,
  count,
  explain,
  pages,
  probe: probeCpu,
  'live-probe': liveProbe,
  srv: srvCpu,
  round,
  reports,
  scale,
  start,
};

const names = Object.keys(BENCHES).filter((name): name is keyof typeof BENCHES => name in BENCHES);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));

if (unknown.length > 0) {
  say(`no bench is called ${unknown.join(', ')}: choose among ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  say(machine());
  say(await yardstick());
  for (const name of names) if (wanted.length === 0 || wanted.includes(name)) await BENCHES[name]();
}
