import { listOf } from '../fields.ts';
import type { EventForm } from './form.ts';

export const own = {
  name: 'own',
  title: "kmswatch's own",
  setting: 'One object per line. `provider` is optional.',
  paths: {
    host: '`host`',
    channel: '`channel`',
    eventId: '`event_id`',
    recordId: '`record_id`',
    time: '`time`',
    data: '`data[i]`',
  },
  recognises: (record) => 'host' in record && 'record_id' in record && 'data' in record,
  read: (record) => ({
    eventId: record['event_id'],
    provider: record['provider'],
    channel: record['channel'],
    host: record['host'],
    recordId: record['record_id'],
    time: record['time'],
    data: listOf(record['data']),
    message: undefined,
  }),
} satisfies EventForm;
