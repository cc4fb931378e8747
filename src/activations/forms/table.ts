import type { Fields } from '../fields.ts';
import { alloy } from './alloy.ts';
import { eventXml } from './event-xml.ts';
import { fluentBit, fluentBitXml } from './fluent-bit.ts';
import type { EventForm } from './form.ts';
import { nxlog } from './nxlog.ts';
import { own } from './own.ts';
import { powershell } from './powershell.ts';
import { vector } from './vector.ts';
import { winlogbeat, winlogbeat6 } from './winlogbeat.ts';

/** Every form that is read, asked from the top: reading, the documentation, the samples and the tests go by this. */
export const EVENT_FORMS: readonly EventForm[] = [
  own,
  eventXml,
  winlogbeat,
  winlogbeat6,
  fluentBit,
  fluentBitXml,
  vector,
  alloy,
  nxlog,
  powershell,
];

/** Which form a parsed record is in; undefined when in none. */
export function formOf(record: Fields): EventForm | undefined {
  return EVENT_FORMS.find((form) => form.recognises(record));
}
