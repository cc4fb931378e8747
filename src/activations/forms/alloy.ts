import { xmlEventFields } from '../xml.ts';
import type { EventForm } from './form.ts';

export const alloy = {
  name: 'alloy',
  title: 'Grafana Alloy, `loki.source.windowsevent`, and Promtail',
  setting: '`exclude_event_data = false` (the default).',
  paths: {
    host: '`computer`',
    channel: '`channel`',
    eventId: '`event_id`',
    recordId: '`eventRecordID`',
    time: '`timeCreated`',
    data: '`event_data`, a string with `<Data>` elements',
  },
  recognises: (record) => 'eventRecordID' in record && 'computer' in record,
  read: (record) => ({
    eventId: record['event_id'],
    provider: record['source'],
    channel: record['channel'],
    host: record['computer'],
    recordId: record['eventRecordID'],
    time: record['timeCreated'],
    data: xmlEventFields(record['event_data']).data,
    message: record['message'],
  }),
} satisfies EventForm;
