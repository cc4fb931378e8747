import type { HostName } from '../../../kernel/host-name.ts';
import type { Seconds } from '../../../kernel/time.ts';
import { counted } from '../../../kernel/words.ts';
import { type Html, html } from '../../html.ts';
import { stillReading } from '../still-reading.ts';
import { type Column, table } from '../table.ts';
import { shortTime } from '../times.ts';
import { clientLink, NOTHING } from '../words.ts';

/** A client id that several machines share. */
export interface CloneGroup {
  readonly clientId: string;
  /** The first request that showed it; undefined if the store did not say. */
  readonly since: Seconds | undefined;
  /** Sorted. */
  readonly machines: readonly string[];
}

export interface ClonesSnapshot {
  /** Or what is wrong with the store. */
  readonly groups: readonly CloneGroup[] | string;
  /** There are more than the list has. */
  readonly hasMore: boolean;
  /** Hosts whose history is still coming in, with the event time until which it has come. */
  readonly reading: ReadonlyMap<HostName, Seconds>;
  readonly now: Seconds;
}

const COLUMNS: readonly Column[] = [
  { title: 'Client id' },
  { title: 'Machines', kind: 'number' },
  { title: 'First seen' },
  { title: 'Names' },
];

/** Client ids that several machines share, and what to do about it. */
export function clonesMain({ groups, hasMore, reading, now }: ClonesSnapshot): Html {
  return html`<h1>Clones</h1>
<p class="quiet">Machines that share a client id: two used it in turn within 30 days, or three within 24 hours. A host counts them as one.</p>
${stillReading(reading, now)}
${typeof groups === 'string' ? html`<p class="error" role="alert">${groups}</p>` : list(groups, hasMore, now)}`;
}

function list(groups: readonly CloneGroup[], hasMore: boolean, now: Seconds): Html {
  if (groups.length === 0) return html`<p>No client id is shared.</p>`;
  const machines = groups.reduce((sum, group) => sum + group.machines.length, 0);
  const words = `${counted(groups.length, 'client id')}, ${counted(machines, 'machine')}${hasMore ? '; there are more' : ''}.`;
  return html`<div class="over"><p class="quiet" id="count">${words}</p><a href="/clones.csv" download="clones.csv">Download all as CSV</a></div>
${table(
  'Clones',
  COLUMNS,
  groups.map((group) => [
    html`<code>${group.clientId}</code>`,
    group.machines.length,
    group.since === undefined ? '–' : shortTime(group.since, now),
    html`${group.machines.map((machine, index) => html`${index === 0 ? NOTHING : ', '}${clientLink(machine)}`)}`,
  ]),
)}
${WHAT_TO_DO}`;
}

const WHAT_TO_DO = html`<section aria-labelledby="do"><h2 id="do">What to do</h2>
<ul>
<li>On each machine, run <code>cscript //nologo C:\\Windows\\System32\\slmgr.vbs /rearm</code>, restart it, and run the same with <code>/ato</code>. It then has its own client id; between the two, it is not activated. The command does nothing if <code>SkipRearm</code> is 1 under <code>HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform</code>: set it to 0 first.</li>
<li>On Windows 7, Office has its own client id: run <code>ospprearm.exe</code> in the folder of Office as well.</li>
<li>Run <code>sysprep /generalize</code> on the image before you copy it. If <code>SkipRearm</code> is 1 in its answer file, remove it: with it, the image keeps its client id. Windows can be rearmed only a few times, so generalise a copy of the image.</li>
<li>Non-persistent desktops start from the same disk each time. Rearm the image once, before you publish it, and name the desktops in <code>leases.ephemeral</code>.</li>
</ul>
<p>More about it: <a href="/runbooks/KmsDuplicateClientIds">KmsDuplicateClientIds</a>.</p></section>`;
