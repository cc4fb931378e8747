import { requestTable } from '../../../explain/evidence.ts';
import { explainClient } from '../../../explain/explain-client.ts';
import { underKnownName } from '../../../explain/explain-unseen.ts';
import type { EvidenceTable, Section, Verdict } from '../../../explain/explanation.ts';
import { machineSentences } from '../../../explain/machine-verdict.ts';
import { similarNames } from '../../../explain/similar-names.ts';
import type { Seconds } from '../../../kernel/time.ts';
import { counted } from '../../../kernel/words.ts';
import type { ClientStory, ExplainSettings } from '../../../leases/story.ts';
import type { MachineJson } from '../../../machines/machine-json.ts';
import { type Html, html } from '../../html.ts';
import { advice } from '../advice.ts';
import { table } from '../table.ts';
import { badge, clientLink, NOTHING, name, pathWith, sentence, type Tone } from '../words.ts';
import { timelines } from './timeline.ts';

/** Names that are offered for one that nobody knows. */
const SIMILAR = 5;

const TONES: Readonly<Record<Verdict, readonly [Tone, string]>> = {
  not_activated: ['bad', 'not activated'],
  at_risk: ['warn', 'at risk'],
  unknown: ['calm', 'not known'],
  activated: ['ok', 'activated'],
  out_of_count: ['calm', 'not counted'],
};

export interface ClientSnapshot {
  readonly story: ClientStory;
  readonly settings: ExplainSettings;
  /** What logs, lists and the machine itself say; undefined if nobody names it. */
  readonly machine?: MachineJson | undefined;
  /** Says that this is not known yet. */
  readonly comparing?: string | undefined;
  /** Those whose SRV records are looked up. */
  readonly domains: readonly string[];
  /** Seconds since the epoch, by the clock of the records. */
  readonly now: Seconds;
}

/** Why a machine is or is not activated, what it did, and when it lapses. */
export function clientMain({ story: told, settings, machine, comparing, domains, now }: ClientSnapshot): Html {
  const story = underKnownName(
    told.kind === 'seen' ? told : { ...told, domains, similar: similarNames(told.asked, told.similar, SIMILAR) },
    machine?.machine,
  );
  const { client, verdict, headline, sections, actions, evidence, isPart } = explainClient(story, settings, now);
  const [tone, words] = TONES[verdict];
  return html`<p class="small quiet"><a href="/leases">Leases</a> / ${name(client)}</p>
<h1>${name(client)} ${badge(tone, words)}</h1>
<p class="lead">${headline}</p>
${comparing === undefined ? NOTHING : html`<p role="status">${sentence(comparing)}</p>`}
${machine === undefined || isPart ? NOTHING : html`<section aria-labelledby="verdict"><h2 id="verdict">The machine</h2>${machineSentences(machine, actions).map((one) => html`<p>${one}</p>`)}</section>`}
${story.kind === 'unseen' ? similarPart(story.similar) : isPart ? NOTHING : timelines(story, now)}
${todo(actions)}
${sections.length === 0 ? NOTHING : html`<section aria-labelledby="why"><h2 id="why">${story.kind === 'seen' ? 'What happened and why' : 'Possible reasons'}</h2>${sections.map(sectionPart)}</section>`}
<section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>${evidence.map((one) => evidencePart(one, story))}
<p class="small"><a href="${pathWith('/leases', { client })}">Leases of machines with this in their names</a></p></section>`;
}

function similarPart(similar: readonly string[]): Html {
  if (similar.length === 0) return NOTHING;
  return html`<p>Known by a similar name: ${similar.map((one, index) => html`${index === 0 ? '' : ', '}${clientLink(one)}`)}.</p>`;
}

function todo(actions: readonly string[]): Html {
  const body =
    actions.length === 0
      ? html`<p>Nothing.</p>`
      : html`<ol>${actions.map((action) => html`<li>${advice(action)}</li>`)}</ol>`;
  return html`<section aria-labelledby="todo"><h2 id="todo">What to do</h2>${body}</section>`;
}

function sectionPart({ title, verdict, paragraphs }: Section): Html {
  const [tone, words] = TONES[verdict];
  return html`<div class="card"><h3>${title} ${badge(tone, words)}</h3>${paragraphs.map((text) => html`<p>${text}</p>`)}</div>`;
}

/** Beyond these the older ones are folded away: on a phone each is a card. */
const UNFOLDED = 20;

/** Of its requests the page has room for all that are known. */
function evidencePart(one: EvidenceTable, story: ClientStory): Html {
  const isRequests = story.kind === 'seen' && one.title === requestTable([], []).title;
  const { title, head, rows } = isRequests ? requestTable(story.requests, story.leases, story.requests.length) : one;
  const part = (label: string, some: EvidenceTable['rows']) =>
    table(
      label,
      head.map((text) => ({ title: sentence(text) })),
      some,
    );
  const older = isRequests ? rows.slice(UNFOLDED) : [];
  return html`<h3>${title}</h3>${part(title, older.length === 0 ? rows : rows.slice(0, UNFOLDED))}${
    older.length === 0
      ? NOTHING
      : html`<details id="older"><summary>${counted(older.length, 'older request')}</summary>${part('Older requests', older)}</details>`
  }`;
}
