import { listOf, wholeOf } from '../fields.ts';
import type { EventForm } from './form.ts';
import { bare } from './powershell.ts';

/** A record has no name of its log; each of these events is in one log alone, and its provider is looked at. */
const KMS_EVENT = 12290;

export const getEventLog = {
  name: 'get-event-log',
  title: 'Windows PowerShell, `Get-EventLog | ConvertTo-Json`',
  setting: 'Nothing.',
  paths: {
    host: '`MachineName`',
    channel: '`EventID` and `Source`',
    eventId: '`EventID`',
    recordId: '`Index`',
    time: '`TimeGenerated`',
    data: '`ReplacementStrings[i]`',
  },
  recognises: (record) => 'ReplacementStrings' in record && 'Index' in record,
  read: (record) => ({
    eventId: record['EventID'],
    provider: record['Source'],
    channel: wholeOf(record['EventID']) === KMS_EVENT ? 'Key Management Service' : 'Application',
    host: record['MachineName'],
    recordId: record['Index'],
    time: bare(record['TimeGenerated']),
    data: listOf(bare(record['ReplacementStrings'])),
    message: record['Message'],
  }),
} satisfies EventForm;
