import { eventElementFields } from '../xml.ts';
import type { EventForm } from './form.ts';

export const eventXml = {
  name: 'event-xml',
  title: 'Event XML: `wevtutil qe /f:xml`, Event Viewer, a stream of `<Event>` without a root',
  setting: 'Nothing. In UTF-8, or in UTF-16 with a byte-order mark.',
  paths: {
    host: '`Event/System/Computer`',
    channel: '`Event/System/Channel`',
    eventId: '`Event/System/EventID`',
    recordId: '`Event/System/EventRecordID`',
    time: '`Event/System/TimeCreated/@SystemTime`',
    data: '`Event/EventData/Data[i+1]`',
  },
  recognises: (record) => 'Event' in record,
  read: (record) => eventElementFields(record['Event']),
} satisfies EventForm;
