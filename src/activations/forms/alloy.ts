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
    data: '`event_data`, or else `user_data`: a string with `<Data>` elements',
  },
  recognises: (record) => 'eventRecordID' in record && 'computer' in record,
  read: (record) => {
    const data = xmlEventFields(record['event_data']).data;
    return {
      eventId: record['event_id'],
      provider: record['source'],
      channel: record['channel'],
      host: record['computer'],
      recordId: record['eventRecordID'],
      time: record['timeCreated'],
      // Promtail 2.3 and 2.4 put them there.
      data: data.length > 0 ? data : xmlEventFields(record['user_data']).data,
      message: record['message'],
    };
  },
} satisfies EventForm;
