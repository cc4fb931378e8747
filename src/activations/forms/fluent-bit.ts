import { listOf } from '../fields.ts';
import { xmlEventFields } from '../xml.ts';
import type { EventForm } from './form.ts';

export const fluentBit = {
  name: 'fluent-bit',
  title: 'Fluent Bit, `winevtlog`',
  setting: '`String_Inserts On` (the default).',
  paths: {
    host: '`Computer`',
    channel: '`Channel`',
    eventId: '`EventID`',
    recordId: '`EventRecordID`',
    time: '`TimeCreated`',
    data: '`StringInserts[i]`',
  },
  recognises: (record) => 'EventRecordID' in record && 'TimeCreated' in record,
  read: (record) => ({
    eventId: record['EventID'],
    provider: record['ProviderName'],
    channel: record['Channel'],
    host: record['Computer'],
    recordId: record['EventRecordID'],
    time: record['TimeCreated'],
    data: listOf(record['StringInserts']),
    message: record['Message'],
  }),
} satisfies EventForm;

/** Its older input. */
export const fluentBitWinlog = {
  name: 'fluent-bit-winlog',
  title: 'Fluent Bit, `winlog`',
  setting: 'Nothing.',
  paths: {
    host: '`ComputerName`',
    channel: '`Channel`',
    eventId: '`EventID`',
    recordId: '`RecordNumber`',
    time: '`TimeGenerated`',
    data: '`StringInserts[i]`',
  },
  // A row of Win32_NTLogEvent has these two as well, and its log under another name.
  recognises: (record) => 'RecordNumber' in record && 'TimeGenerated' in record && !('Logfile' in record),
  read: (record) => ({
    eventId: record['EventID'],
    provider: record['SourceName'],
    channel: record['Channel'],
    host: record['ComputerName'],
    recordId: record['RecordNumber'],
    time: record['TimeGenerated'],
    data: listOf(record['StringInserts']),
    message: record['Message'],
  }),
} satisfies EventForm;

export const fluentBitXml = {
  name: 'fluent-bit-xml',
  title: 'Fluent Bit, `winevtlog` with `Render_Event_As_XML`',
  setting: '`String_Inserts On` (the default).',
  paths: {
    host: '`Computer` in `System`',
    channel: '`Channel` in `System`',
    eventId: '`EventID` in `System`',
    recordId: '`EventRecordID` in `System`',
    time: '`TimeCreated/@SystemTime` in `System`',
    data: '`StringInserts[i]`',
  },
  recognises: (record) => typeof record['System'] === 'string',
  read: (record) => ({
    ...xmlEventFields(record['System']),
    data: listOf(record['StringInserts']),
    message: record['Message'],
  }),
} satisfies EventForm;
