import type { Seconds } from '../kernel/time.ts';
import { at, instant, listed } from '../kernel/words.ts';
import { isSkewed } from '../leases/skew.ts';
import type { DuplicateStory, SeenStory } from '../leases/story.ts';
import { type Cause, CLOCK_REMEDY, joined, NOTHING } from './causes.ts';
import { clockOff } from './skew-words.ts';

const HOSTS_SHOWN = 3;
const CLONES_SHOWN = 5;

/** What concerns the whole machine. */
export interface MachinePart extends Cause {
  /** What makes everything else doubtful: `shares its client id with ...`; empty when nothing does. */
  readonly above: string;
}

/** What concerns the whole machine: its clock, its id, its name, and the logs that nobody reads. */
export function machinePart(story: SeenStory, now: Seconds): MachinePart {
  const clones = story.duplicates.map((duplicate) => duplicatePart(duplicate, story));
  const parts = [...clones, skewPart(story, now), renamePart(story), unreadPart(story, now)];
  return {
    above: clones[0]?.because ?? '',
    because: skewPart(story, now).because,
    ...joined(...parts),
  };
}

function skewPart({ requests }: SeenStory, now: Seconds): Cause {
  const newest = requests[0]?.request;
  const off = newest === undefined ? undefined : clockOff(newest);
  // With a refusal, the product's section has said it.
  if (newest === undefined || off === undefined || newest.hresult !== 0) return NOTHING;
  const paragraphs = [
    `Its clock was ${off} that of ${newest.host} at its last request, ${at(newest.time, now)}. A host refuses more ` +
      'than 4 hours (0xC004F06C).',
  ];
  // Of a clock of long ago nobody knows whether it is still off.
  if (!isSkewed(newest, now)) return { ...NOTHING, paragraphs };
  return { because: `its clock was ${off} that of ${newest.host}`, paragraphs, actions: [CLOCK_REMEDY] };
}

function duplicatePart({ clientId, machines, since }: DuplicateStory, { machine }: SeenStory): Cause {
  const others = machines.filter((other) => other !== machine);
  return {
    because: `shares its client id with ${listed(others, CLONES_SHOWN)}`,
    paragraphs: [
      `The client id ${clientId} is used by ${listed(machines, CLONES_SHOWN)}: they are clones of one image. A host counts ` +
        `them as one client. This was first seen ${instant(since)}.`,
    ],
    actions: [
      'On every clone: slmgr /rearm, restart, slmgr /ato. It does nothing if SkipRearm is 1 under ' +
        'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform: set it to 0 first. Run sysprep ' +
        '/generalize on the image before you clone it again, without SkipRearm in its answer file. For non-persistent desktops, rearm the image once, and name them in leases.ephemeral.',
    ],
  };
}

function renamePart({ formerNames, machine }: SeenStory): Cause {
  if (formerNames.length === 0) return NOTHING;
  const names = formerNames.map((former) => `${former.machine} (until ${instant(former.lastUsed)})`);
  return {
    because: '',
    paragraphs: [`${machine} was previously called ${listed(names)}: they have the same client id.`],
    actions: [],
  };
}

/** Only where it matters: a machine of which all is well and heard has no need of other hosts. */
function unreadPart({ hosts, leases }: SeenStory, now: Seconds): Cause {
  const well = leases.every(({ state }) => state === 'valid' || state === 'superseded' || state === 'retired');
  const unread = hosts.filter(({ host, read }) => !read && leases.every(({ lease }) => lease.last.host !== host));
  if (well || unread.length === 0) return NOTHING;
  const names = unread.map(({ host, lastRecord }) =>
    lastRecord === undefined ? `${host} (never)` : `${host} (not since ${at(lastRecord, now)})`,
  );
  return {
    because: '',
    paragraphs: [
      `kmswatch would not see a request to these hosts, because their logs are not being read: ${listed(names, HOSTS_SHOWN)}.`,
    ],
    actions: [],
  };
}
