import { DIRECTORY } from '../../../leases/migrating.ts';
import type { MonthMove } from '../../../store/months/month-types.ts';
import { type Html, html } from '../../html.ts';
import { NOTHING, number } from '../words.ts';

/** How far `leases.migrating` is, and who is left. */
export function movePart({ to, since, moved, left, guessed, still_renewing: names }: MonthMove): Html {
  const where = to === DIRECTORY ? 'directory-based activation' : to;
  const how = guessed ? ' They have stopped renewing here; no list says yet how machines are activated.' : '';
  const more = left > names.length && names.length > 0 ? `, and ${number(left - names.length)} more` : '';
  return html`<section><h2>Move to ${where}</h2>
<p>Since ${since.slice(0, 10)}, ${number(moved)} of ${number(moved + left)} machines have moved. ${number(left)} still renew as before.${how}</p>
${names.length === 0 ? NOTHING : html`<p>Those that still renew now: ${names.join(', ')}${more}.</p>`}</section>`;
}
