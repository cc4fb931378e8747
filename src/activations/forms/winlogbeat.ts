import { below, type Fields } from '../fields.ts';
import type { EventForm } from './form.ts';

/** Unnamed data become `param1`, `param2`...; empty ones are left out and the others keep their numbers. */
const PARAMETERS = Array.from({ length: 16 }, (_, index) => `param${index + 1}`);

export const winlogbeat = {
  name: 'winlogbeat',
  title: 'Winlogbeat 7 and later',
  setting: 'Nothing to set. This is the form that `output.file`, Logstash and Kafka receive.',
  paths: {
    host: '`winlog.computer_name`',
    channel: '`winlog.channel`',
    eventId: '`winlog.event_id`',
    recordId: '`winlog.record_id`',
    time: '`@timestamp`',
    data: '`winlog.event_data.param{i+1}`',
  },
  recognises: (record) => 'winlog' in record,
  read: (record) => {
    const winlog = below(record, 'winlog');
    return {
      eventId: winlog['event_id'],
      provider: winlog['provider_name'],
      channel: winlog['channel'],
      host: winlog['computer_name'],
      recordId: winlog['record_id'],
      time: record['@timestamp'],
      data: parameters(below(winlog, 'event_data')),
      message: record['message'],
    };
  },
} satisfies EventForm;

export const winlogbeat6 = {
  name: 'winlogbeat-6',
  title: 'Winlogbeat 6 and earlier',
  setting: 'Nothing.',
  paths: {
    host: '`computer_name`',
    channel: '`log_name`',
    eventId: '`event_id`',
    recordId: '`record_number`',
    time: '`@timestamp`',
    data: '`event_data.param{i+1}`',
  },
  recognises: (record) => 'log_name' in record && 'record_number' in record,
  read: (record) => ({
    eventId: record['event_id'],
    provider: record['source_name'],
    channel: record['log_name'],
    host: record['computer_name'],
    recordId: record['record_number'],
    time: record['@timestamp'],
    data: parameters(below(record, 'event_data')),
    message: record['message'],
  }),
} satisfies EventForm;

function parameters(data: Fields): readonly unknown[] {
  return PARAMETERS.map((name) => data[name]);
}
