import type { EventFields } from '../fields.ts';
import { FORMS_PAGE, WEVTUTIL } from '../refusals/refused-form.ts';
import { refusedForm, type Unusable } from '../types.ts';
import type { EventForm } from './form.ts';

const NAMES = { eventId: 'event id', channel: 'log', host: 'computer', recordId: 'record id', time: 'time' } as const;

/** Where a field was looked for that the form should have: it is missing from every record of such a table. */
export function withMissing(unusable: Unusable, { title, paths }: EventForm, fields: EventFields): Unusable {
  if (unusable.ofForm || fields.problem !== undefined) return unusable;
  const missing = (Object.keys(NAMES) as (keyof typeof NAMES)[]).filter((name) => fields[name] === undefined);
  if (missing.length === 0) return unusable;
  const places = missing.map((name) => `no ${NAMES[name]} in ${paths[name]}`).join(', and ');
  return refusedForm(
    `${title} cannot be read without all of its fields: it has ${places}. Instead, keep them in what sends the records, or run ${WEVTUTIL} on the host. See ${FORMS_PAGE}.`.replaceAll(
      '`',
      '',
    ),
  );
}
