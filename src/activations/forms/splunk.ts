import { below, type Fields } from '../fields.ts';
import { FORMS_PAGE, WEVTUTIL } from '../refusals/refused-form.ts';
import { xmlEventFields } from '../xml.ts';
import type { EventForm } from './form.ts';

const CLASSIC = `it is text of Splunk, without the event data: set renderXml = true in its inputs.conf, or run ${WEVTUTIL} on the host. See ${FORMS_PAGE}.`;

export const splunk = {
  name: 'splunk',
  title: "Splunk's export, JSON",
  setting: '`renderXml = true` in `inputs.conf`.',
  paths: {
    host: '`result._raw`, its `Computer`',
    channel: '`result._raw`, its `Channel`',
    eventId: '`result._raw`, its `EventID`',
    recordId: '`result._raw`, its `EventRecordID`',
    time: '`result._raw`, its `TimeCreated/@SystemTime`',
    data: '`result._raw`, its `EventData/Data[i+1]`',
  },
  recognises: (record) => typeof rawOf(record) === 'string',
  read: (record) => {
    const raw = rawOf(record);
    const fields = xmlEventFields(raw);
    return String(raw).trimStart().startsWith('<') ? fields : { ...fields, lacks: CLASSIC };
  },
} satisfies EventForm;

/** By the search API below `result`; saved from a page it is without. */
function rawOf(record: Fields): unknown {
  return record['_raw'] ?? below(record, 'result')['_raw'];
}
