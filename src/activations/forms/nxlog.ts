import { textOf } from '../fields.ts';
import { xmlEventFields } from '../xml.ts';
import type { EventForm } from './form.ts';

const LOCAL = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?$/;
const NO_OFFSET = 'its time has no offset from UTC: set CaptureEventXML TRUE in im_msvistalog of NXLog';

/** NXLog makes fields of named data; those of these events have no names, so its copy of the XML is what has them. */
export const nxlog = {
  name: 'nxlog',
  title: 'NXLog, `im_msvistalog`',
  setting:
    '`CaptureEventXML TRUE`. Without it, set `DateFormat YYYY-MM-DDThh:mm:ss.sUTC` in `xm_json`; then only 12290 is read.',
  paths: {
    host: '`EventXML`, its `Computer`, or else `Hostname`',
    channel: '`Channel`',
    eventId: '`EventID`',
    recordId: '`EventXML`, or else `RecordNumber`',
    time: '`EventXML`, or else `EventTime`',
    data: '`EventXML`, otherwise `Message`',
  },
  recognises: (record) => 'RecordNumber' in record && 'EventTime' in record,
  read: (record) => {
    const xml = xmlEventFields(record['EventXML']);
    return {
      eventId: record['EventID'],
      provider: record['SourceName'],
      channel: record['Channel'],
      // Behind a collector of events, or by its configuration, these may be those of another machine.
      host: xml.host ?? record['Hostname'],
      recordId: xml.recordId ?? record['RecordNumber'],
      // EventTime is the host's local time without an offset, unless NXLog is configured otherwise.
      time: xml.time ?? record['EventTime'],
      data: xml.data,
      message: record['Message'],
      lacks: xml.time === undefined && LOCAL.test(textOf(record['EventTime'])) ? NO_OFFSET : undefined,
    };
  },
} satisfies EventForm;
