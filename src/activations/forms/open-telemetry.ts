import { below, isFields, listOf } from '../fields.ts';
import type { EventForm } from './form.ts';

/** Also what is in a record of OTLP, once its values are plain ones: see envelopes.ts. */
export const openTelemetry = {
  name: 'open-telemetry',
  title: 'OpenTelemetry Collector, `windowseventlog`: the body, or OTLP JSON around it',
  setting: 'Nothing; with `raw: true` it sends event XML, which is read as well.',
  paths: {
    host: '`computer`',
    channel: '`channel`',
    eventId: '`event_id.id`',
    recordId: '`record_id`',
    time: '`system_time`',
    data: '`event_data.data[i]`, its one value',
  },
  recognises: (record) => 'computer' in record && isFields(record['event_id']),
  read: (record) => ({
    eventId: below(record, 'event_id')['id'],
    provider: below(record, 'provider')['name'],
    channel: record['channel'],
    host: record['computer'],
    recordId: record['record_id'],
    time: record['system_time'],
    // Its keys are the names of the data, which those of these events do not have.
    data: listOf(below(record, 'event_data')['data']).map((each) => (isFields(each) ? Object.values(each)[0] : each)),
    message: record['message'],
  }),
} satisfies EventForm;
