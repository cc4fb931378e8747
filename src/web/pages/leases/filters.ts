import { z } from 'zod';
import { LEASE_STATES } from '../../../leases/types.ts';
import { LEASE_SORTS } from '../../../store/queries.ts';
import { type Html, html } from '../../html.ts';
import { NOTHING, pathWith, stateWords } from '../words.ts';

/** The filter as text: the form shows it again, valid or not. */
export type Asked = Readonly<Record<string, string>>;

const CLASSES = [
  ['client', 'Windows clients'],
  ['server', 'Windows Server'],
  ['office', 'Office'],
  ['unknown', 'Unknown products'],
] as const;
const WITHIN = [
  ['7d', '7 days'],
  ['30d', '30 days'],
  ['90d', '90 days'],
] as const;
const SILENT = [
  ['14d', '14 days'],
  ['30d', '30 days'],
  ['90d', '90 days'],
] as const;
const SORT_WORDS = {
  expiry: 'End, soonest first',
  client: 'Name',
  last_request: 'Last request, newest first',
} as const;
const DIRECTIONS = [['reverse', 'The other way round']] as const;

const Parameters = z.record(z.string(), z.string());

/** A form also sends empty fields, which do not filter. @returns undefined if a parameter is given twice */
export function askedOf(query: unknown): Asked | undefined {
  const parameters = Parameters.safeParse(query);
  if (!parameters.success) return undefined;
  return Object.fromEntries(Object.entries(parameters.data).filter(([, value]) => value !== ''));
}

export interface Choices {
  readonly hosts: readonly string[];
  readonly products: readonly string[];
}

/** The form above the list. */
export function filterForm(asked: Asked, { hosts, products }: Choices): Html {
  return html`<form class="filters" action="/leases" method="get" aria-label="Filter leases">
<label class="wider">Machine<input name="client" type="search" maxlength="253" value="${asked['client'] ?? ''}" placeholder="Part of a name" autocomplete="off" spellcheck="false"></label>
<label>State${select(
    'state',
    asked,
    'In use',
    LEASE_STATES.map((state) => [state, stateWords(state)] as const),
  )}</label>
<label>Class${select('class', asked, 'All', CLASSES)}</label>
<label>Host${select(
    'host',
    asked,
    'All',
    hosts.map((host) => [host, host] as const),
  )}</label>
<label>Product${select(
    'product',
    asked,
    'All',
    products.map((product) => [product, product] as const),
  )}</label>
<label>Ends within${select('within', asked, 'Any time', WITHIN)}</label>
<label>Silent for${select('silent_for', asked, 'Any time', SILENT)}</label>
<label>Order${select(
    'sort',
    asked,
    SORT_WORDS.expiry,
    LEASE_SORTS.filter((sort) => sort !== 'expiry').map((sort) => [sort, SORT_WORDS[sort]] as const),
  )}</label>
<label>Direction${select('order', asked, 'As it says', DIRECTIONS)}</label>
<button type="submit">Show</button>
${Object.keys(asked).length === 0 ? NOTHING : html`<a href="/leases">Clear</a>`}
</form>`;
}

/** The selected value stays in the list even if no lease has it. */
function select(name: string, asked: Asked, none: string, options: readonly (readonly [string, string])[]): Html {
  const chosen = asked[name];
  const isOffered = chosen === undefined || options.some(([value]) => value === chosen);
  const all = isOffered ? options : [...options, [chosen, chosen] as const];
  return html`<select name="${name}"><option value="">${none}</option>${all.map(([value, text]) =>
    value === chosen
      ? html`<option value="${value}" selected>${text}</option>`
      : html`<option value="${value}">${text}</option>`,
  )}</select>`;
}

/** The address of the same question, with some of it changed. */
export function leasesPath(
  asked: Asked,
  changes: Readonly<Record<string, string | undefined>>,
  path = '/leases',
): string {
  return pathWith(path, { ...asked, ...changes });
}
