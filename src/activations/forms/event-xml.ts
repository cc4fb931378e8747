import { xmlEventFields } from '../xml.ts';
import type { EventForm } from './form.ts';

export const eventXml = {
  name: 'event-xml',
  title: 'Event XML: `wevtutil qe /f:xml`, Event Viewer, a stream of `<Event>` without a root',
  setting: 'Nothing to set.',
  paths: {
    host: '`Event/System/Computer`',
    channel: '`Event/System/Channel`',
    eventId: '`Event/System/EventID`',
    recordId: '`Event/System/EventRecordID`',
    time: '`Event/System/TimeCreated/@SystemTime`',
    data: '`Event/EventData/Data[i+1]`',
  },
  // The reader puts the text of the element there.
  recognises: (record) => typeof record['Event'] === 'string',
  read: (record) => xmlEventFields(record['Event']),
} satisfies EventForm;
