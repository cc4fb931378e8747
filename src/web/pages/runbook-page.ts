import { CATALOGUE } from '../../conditions/catalogue.ts';
import type { Condition } from '../../conditions/condition.ts';
import { type Html, html } from '../html.ts';
import { advice } from './advice.ts';
import { badge, NOTHING } from './words.ts';

const NAMES = [...new Set(CATALOGUE.map(({ name }) => name))];

/** The list of all runbooks. */
export function runbooksMain(): Html {
  return html`<h1>Runbooks</h1>
<p class="quiet">The meaning and remedy of each condition, the most important first.</p>
<ul class="open plain">${NAMES.map((name) => {
    const all = CATALOGUE.filter((condition) => condition.name === name);
    return html`<li class="${all[0]?.severity ?? ''}"><h2><a href="/runbooks/${name}">${name}</a> ${all.map(severity)}</h2><p>${marked(all[0]?.runbook.meaning ?? '')}</p></li>`;
  })}</ul>`;
}

/** @returns undefined when no condition has that name */
export function runbookMain(name: string): Html | undefined {
  const all = CATALOGUE.filter((condition) => condition.name === name);
  const first = all[0];
  if (first === undefined) return undefined;
  const { meaning, impact, diagnosis, mitigation } = first.runbook;
  return html`<p class="small quiet"><a href="/runbooks">Runbooks</a> / ${name}</p>
<h1>${name} ${all.map(severity)}</h1>
<section><h2>Meaning</h2><p>${marked(meaning)}</p></section>
<section><h2>Impact</h2><p>${marked(impact)}</p></section>
<section><h2>Diagnosis</h2>${steps(diagnosis)}</section>
<section><h2>Mitigation</h2>${steps(mitigation)}</section>
<section><h2>For Prometheus</h2><div class="scroll" role="region" aria-label="Expression" tabindex="0">${all.map(({ promql }) => html`<pre><code>${promql}</code></pre>`)}</div></section>`;
}

function severity({ severity: word }: Condition): Html {
  return html`${badge(word === 'critical' ? 'bad' : 'warn', word)} `;
}

function steps(texts: readonly string[]): Html {
  return texts.length === 0 ? NOTHING : html`<ul>${texts.map((text) => html`<li>${marked(text)}</li>`)}</ul>`;
}

/** Of Markdown, the texts use code alone. */
function marked(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${advice(part)}</code>` : html`${part}`))}`;
}
