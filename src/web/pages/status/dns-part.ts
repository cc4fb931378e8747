import type { DomainSnapshot, LookupSnapshot } from '../../../estate/snapshot.ts';
import { formatHostPort } from '../../../kernel/address.ts';
import { inSeconds, type Seconds } from '../../../kernel/time.ts';
import { listed } from '../../../kernel/words.ts';
import { type Html, html } from '../../html.ts';
import { type Cell, table } from '../table.ts';
import { shortTime } from '../times.ts';
import { badge, hostPort, latency, NOTHING, name } from '../words.ts';
import type { StatusSnapshot } from './status-snapshot.ts';

/** Records of one answer that are written out. */
const SHOWN = 4;

const COLUMNS = [
  { title: 'Name server' },
  { title: 'Answer' },
  { title: 'Records' },
  { title: 'Took', kind: 'number' },
  { title: 'Asked' },
] as const;

/** What each name server says of each domain. */
export function dnsPart({ estate, now }: StatusSnapshot): Html {
  const { domains } = estate;
  if (domains.length === 0) return html`<section><h2>DNS</h2><p class="quiet">No domain is looked up.</p></section>`;
  return html`<section aria-labelledby="dns"><h2 id="dns">DNS</h2>${domains.map((domain) => domainPart(domain, now))}</section>`;
}

function domainPart(domain: DomainSnapshot, now: Seconds): Html {
  const label = `_vlmcs._tcp.${domain.name}`;
  return html`<h3 class="domain">${name(label)} ${agreement(domain)}</h3>${notes(domain)}${table(
    label,
    COLUMNS,
    domain.lookups.map((lookup) => row(lookup, now)),
  )}`;
}

function agreement({ disagree, lookups }: DomainSnapshot): Html {
  if (disagree === true) return badge('warn', 'servers disagree');
  return disagree === false && lookups.length > 1 ? badge('ok', 'servers agree') : NOTHING;
}

function notes({ missing, unexpected }: DomainSnapshot): Html {
  const parts = [
    ...(missing.length === 0 ? [] : [`Missing: ${listed(missing, SHOWN)}.`]),
    ...(unexpected.length === 0
      ? []
      : [
          `Not expected: ${listed(
            unexpected.map(({ host, port }) => formatHostPort(host, port, 1688)),
            SHOWN,
          )}.`,
        ]),
  ];
  return parts.length === 0 ? NOTHING : html`<p>${parts.join(' ')}</p>`;
}

function row({ server, last, answer }: LookupSnapshot, now: Seconds): readonly Cell[] {
  return [
    name(server),
    said(last, answer),
    records(answer),
    last === undefined ? '–' : latency(last.duration),
    last === undefined ? 'not recently' : shortTime(inSeconds(last.at), now),
  ];
}

function said(last: LookupSnapshot['last'], answer: LookupSnapshot['answer']): Html {
  if (last?.failure !== undefined)
    return html`${badge('warn', last.failure.reason)}<span class="sub">${last.failure.detail}</span>`;
  if (answer === undefined) return badge('calm', 'no answer yet');
  return answer.records.length === 0 ? badge('warn', 'no record') : badge('ok', 'answers');
}

function records(answer: LookupSnapshot['answer']): Html {
  const all = answer?.records ?? [];
  const more = all.length - SHOWN;
  return html`${all
    .slice(0, SHOWN)
    .map(
      ({ target, port, priority, weight }) =>
        html`${hostPort(target, port)} <span class="quiet">${priority}/${weight}</span><br>`,
    )}${more > 0 ? html`<span class="quiet">and ${more} more</span>` : NOTHING}`;
}
