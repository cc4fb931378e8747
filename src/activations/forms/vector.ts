import { isFields, listOf } from '../fields.ts';
import type { EventForm } from './form.ts';

export const vector = {
  name: 'vector',
  title: 'Vector, `windows_event_log`',
  setting: '`encoding.codec: json` in the sink.',
  paths: {
    host: '`computer`',
    channel: '`channel`',
    eventId: '`event_id`',
    recordId: '`record_id`',
    time: '`timestamp`',
    data: '`string_inserts[i]`',
  },
  recognises: (record) => 'record_id' in record && 'computer' in record && !isFields(record['event_id']),
  read: (record) => ({
    eventId: record['event_id'],
    provider: record['provider_name'],
    channel: record['channel'],
    host: record['computer'],
    recordId: record['record_id'],
    time: record['timestamp'],
    data: listOf(record['string_inserts']),
    message: record['message'],
  }),
} satisfies EventForm;
