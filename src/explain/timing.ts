import { DAY_S, type Seconds, seconds } from '../kernel/time.ts';
import { at, every, instant, relative } from '../kernel/words.ts';
import { isBare } from '../leases/machines.ts';
import type { ExplainSettings, HostStory, LeaseStory, SeenStory } from '../leases/story.ts';
import { OSPP } from '../products/scripts.ts';
import { NOTHING, type Part } from './causes.ts';

/** Whether its next request is overdue by more than a machine that is switched off over a week-end explains. */
export function isSilent(entry: LeaseStory, settings: ExplainSettings, now: Seconds): boolean {
  const grace = isWanting(entry) ? DAY_S : settings.renewalInterval;
  return now > nextRequest(entry, settings) + grace;
}

/** Whether it is silent for so long that this says more than whatever its last request says. */
export function isLongSilent({ lease }: LeaseStory, { renewalInterval }: ExplainSettings, now: Seconds): boolean {
  return now - lease.last.time > 2 * renewalInterval;
}

/** When a client that is on and reaches a host asks next: a week after a renewal, else two hours after the last try. */
function nextRequest(entry: LeaseStory, settings: ExplainSettings): number {
  return entry.lease.last.time + (isWanting(entry) ? entry.interval : settings.renewalInterval);
}

function isWanting({ lease, state }: LeaseStory): boolean {
  return lease.last.hresult !== 0 || state === 'unactivated' || state === 'renewal_failing';
}

/** When it asks next, and since when it has been trying in vain. */
export function nextWords(entry: LeaseStory, settings: ExplainSettings, now: Seconds): string {
  const next = nextRequest(entry, settings);
  const step = every(seconds(next - entry.lease.last.time));
  const run =
    entry.retrying && entry.runStart < entry.lease.last.time
      ? ` It has been trying since ${at(entry.runStart, now)}.`
      : '';
  if (next >= now) return `It asks every ${step}: next at about ${at(seconds(next), now)}.${run}`;
  return `It asks every ${step}: the next request was due ${at(seconds(next), now)}.${run}`;
}

/** The host of the lease's last request, when its log is not read any more. */
export function blindSpot(entry: LeaseStory, story: SeenStory): HostStory | undefined {
  return story.hosts.find(({ host, read }) => host === entry.lease.last.host && !read);
}

/** What silence can mean. */
export function silenceOf(entry: LeaseStory, story: SeenStory, settings: ExplainSettings, now: Seconds): Part {
  if (!isSilent(entry, settings, now) || blindSpot(entry, story) !== undefined) return NOTHING;
  if (machineGoesOn(entry, story, settings)) return dropped(entry, story, now);
  return {
    paragraphs: [
      `No host whose log is read has heard from it since ${instant(entry.lease.last.time)}, ` +
        `${relative(entry.lease.last.time, now)}. It is switched off or off the network, it cannot find or reach a host, ` +
        'or it is now activated in another way (Active Directory, MAK, subscription).',
    ],
    actions: [
      `Is ${story.machine} still in use, switched on and on the network? If it is gone: kmswatch retire ${story.machine}`,
      `On it: nslookup -type=srv _vlmcs._tcp.${domainOf(story.machine)}, then Test-NetConnection ${entry.lease.last.host} ` +
        '-Port 1688. It must find a host in DNS and reach it.',
      `On it: ${activateCommand(entry)}, then read event 12288 in its Application log: it has the host it asked and ` +
        'a code (0x00000000 means that the host answered).',
    ],
  };
}

/** The domain in which a machine looks for hosts first: its own. */
export function domainOf(machine: string): string {
  return isBare(machine) ? 'DOMAIN' : machine.slice(machine.indexOf('.') + 1);
}

/** Whether the machine has asked for another product when this one's request was due. */
export function machineGoesOn(entry: LeaseStory, { requests }: SeenStory, settings: ExplainSettings): boolean {
  const newest = requests[0]?.request;
  return newest !== undefined && newest.time > nextRequest(entry, settings);
}

function dropped({ product }: LeaseStory, { machine, requests }: SeenStory, now: Seconds): Part {
  const newest = requests[0];
  const since = newest === undefined ? '' : `, the last ${relative(newest.request.time, now)} for ${newest.product}`;
  return {
    paragraphs: [
      `The machine has made other requests since${since}, but none for this product. The product was removed, or is now activated in ` +
        'another way (Active Directory, MAK, subscription).',
    ],
    actions: [`Check whether ${product} is still installed on ${machine}. If not, you can let its lease lapse.`],
  };
}

/** Office has its own script, which asks at once. */
function activateCommand({ lease }: LeaseStory): string {
  return lease.last.cls === 'office' ? `${OSPP} /act (in the folder of Office)` : 'slmgr /ato';
}
