import type { EventFields, Fields } from '../fields.ts';
import { below, isFields } from '../fields.ts';
import type { EventForm } from './form.ts';

export const openWec = {
  name: 'open-wec',
  title: 'OpenWEC, JSON',
  setting: 'The output format `Json`; `Raw` is event XML, which is read as well.',
  paths: {
    host: '`System.Computer`',
    channel: '`System.Channel`',
    eventId: '`System.EventID`',
    recordId: '`System.EventRecordID`',
    time: '`System.TimeCreated`',
    data: '`EventData.Data[i]`',
  },
  // Velociraptor's, which is refused by its name, has the id as an object.
  recognises: (record) =>
    'EventRecordID' in below(record, 'System') && !('Value' in below(below(record, 'System'), 'EventID')),
  read: fieldsOf,
} satisfies EventForm;

export const evtxDump = {
  name: 'evtx-dump',
  title: '`evtx_dump`, JSON',
  setting: 'Nothing; its XML is read as well.',
  paths: {
    host: '`Event.System.Computer`',
    channel: '`Event.System.Channel`',
    eventId: '`Event.System.EventID`',
    recordId: '`Event.System.EventRecordID`',
    time: '`Event.System.TimeCreated.#attributes.SystemTime`',
    data: '`Event.EventData.Data.#text[i]`',
  },
  recognises: (record) => 'System' in below(record, 'Event'),
  read: (record) => fieldsOf(below(record, 'Event')),
} satisfies EventForm;

/** The elements of an event as objects: an element with attributes has its text in `#text`, or is recognised by them alone. */
function fieldsOf(event: Fields): EventFields {
  const system = below(event, 'System');
  const data = content(below(event, 'EventData')['Data']);
  return {
    eventId: content(system['EventID']),
    provider: attributes(system['Provider'])['Name'],
    channel: content(system['Channel']),
    host: content(system['Computer']),
    recordId: content(system['EventRecordID']),
    time: isFields(system['TimeCreated']) ? attributes(system['TimeCreated'])['SystemTime'] : system['TimeCreated'],
    data: Array.isArray(data) ? data.map(content) : [data],
    message: below(event, 'RenderingInfo')['Message'],
  };
}

function content(element: unknown): unknown {
  return isFields(element) ? element['#text'] : element;
}

function attributes(element: unknown): Fields {
  if (!isFields(element)) return {};
  return '#attributes' in element ? below(element, '#attributes') : element;
}
