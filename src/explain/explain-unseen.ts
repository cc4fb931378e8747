import { seconds } from '../kernel/time.ts';
import { instant, listed, span } from '../kernel/words.ts';
import { isBare } from '../leases/machines.ts';
import type { ClientStory, ExplainSettings, UnseenStory } from '../leases/story.ts';
import { SLMGR } from '../products/scripts.ts';
import { clientCodeTable, hostTable } from './evidence.ts';
import type { Explanation } from './explanation.ts';
import { domainOf } from './timing.ts';

/** How many names are worth reading. */
const SIMILAR_SHOWN = 5;
const HOSTS_SHOWN = 5;
const DOMAINS_SHOWN = 3;

/** A list may know the full name of a machine that no log has, and so the domain in which it looks for a host. */
export function underKnownName(story: ClientStory, known: string | undefined): ClientStory {
  return story.kind === 'unseen' && known !== undefined ? { ...story, asked: known } : story;
}

/** For a name that no log has: what that can mean, the likeliest first, and how to find out. */
export function explainUnseen(story: UnseenStory, settings: ExplainSettings): Explanation {
  return {
    client: story.asked,
    verdict: 'unknown',
    headline: `${story.asked} has not asked any KMS host whose log kmswatch has read.`,
    sections: [
      {
        title: 'Possible reasons',
        verdict: 'unknown',
        paragraphs: [...readingsOf(story, settings), ...OTHER_READINGS, forgotten(settings)],
      },
    ],
    actions: [...nameActions(story), ...clientActions(story)],
    evidence: [hostTable(story.hosts, []), clientCodeTable()].filter(({ rows }) => rows.length > 0),
  };
}

function readingsOf({ similar, hosts }: UnseenStory, settings: ExplainSettings): readonly string[] {
  const unread = hosts.filter(({ read, imported }) => !read && !imported).map(({ host }) => host);
  const imported = hosts.flatMap(({ host, imported: is, lastRecord }) =>
    is && lastRecord !== undefined ? [`${host} (${instant(lastRecord)})`] : [],
  );
  const oldest = Math.min(...hosts.map(({ firstRecord }) => firstRecord ?? Number.POSITIVE_INFINITY));
  const near = similar.length === 0 ? '' : ` Similar names that are known: ${listed(similar.slice(0, SIMILAR_SHOWN))}.`;
  return [
    `The name is spelled differently. The log has the name that the client gives itself, with or without its domain.${near}`,
    ...(hosts.length === 0
      ? [
          'kmswatch knows no KMS host, neither from hosts in the configuration nor from DNS or a log, so it reads no log.',
        ]
      : []),
    ...(unread.length === 0 ? [] : [`It asked a host whose log is not being read: ${listed(unread, HOSTS_SHOWN)}.`]),
    ...(imported.length === 0
      ? []
      : [`It asked after the end of a log that was imported and is not being read: ${listed(imported, HOSTS_SHOWN)}.`]),
    ...(Number.isFinite(oldest)
      ? [
          `It asked before the records begin, ${instant(seconds(oldest))}. An activated client that is switched on asks again within ` +
            `${span(settings.renewalInterval)}.`,
        ]
      : []),
  ];
}

const OTHER_READINGS: readonly string[] = [
  'It does not use KMS: activation by Active Directory, MAK, subscription, retail or OEM key never involves a KMS host.',
  'It finds no host (no SRV record in its DNS domain), finds another one, or cannot reach it (TCP port 1688).',
];

function forgotten({ forgetAfter }: ExplainSettings): string {
  return `It was silent for more than ${span(forgetAfter)}, so kmswatch deleted it (leases.forget_after).`;
}

function nameActions({ similar }: UnseenStory): readonly string[] {
  const nearest = similar[0];
  return nearest === undefined ? [] : [`If you meant ${nearest}: kmswatch explain ${nearest}`];
}

function clientActions({ asked, domains }: UnseenStory): readonly string[] {
  const names = isBare(asked)
    ? domains.length === 0
      ? ['DOMAIN']
      : domains.slice(0, DOMAINS_SHOWN)
    : [domainOf(asked)];
  return [
    `On the client: ${SLMGR} /dlv. "VOLUME_KMSCLIENT channel" means that it uses KMS, and "KMS machine name" names its host. ` +
      'If you see any other channel, or "AD Activation client information", it needs no KMS host.',
    `On the client: ${names.map((name) => `nslookup -type=srv _vlmcs._tcp.${name}`).join(', or ')}. If there is no answer, publish ` +
      'the record. slmgr /skms HOST names a host on the client itself, which then looks for no other until slmgr /ckms.',
    'On the client: Test-NetConnection HOST -Port 1688.',
    'On the client: run slmgr /ato, then read its Application log. Event 12288 has the host it asked and a code (below), ' +
      '12289 has the answer of the host, and 12308 means activation by Active Directory.',
    'If 12288 has 0x00000000 and there is still nothing here: does the log "Key Management Service" of that host have 12290? Is that ' +
      'log full, or not shipped? See docs/first-lease.md.',
  ];
}
