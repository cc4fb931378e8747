import { isFields, listOf } from '../fields.ts';
import type { EventForm } from './form.ts';

export const powershell = {
  name: 'powershell',
  title: 'PowerShell, `Get-WinEvent | ConvertTo-Json`, 5.1 and 7',
  setting: '`ConvertTo-Json -Depth 4`: with less, the data are left out.',
  paths: {
    host: '`MachineName`',
    channel: '`LogName`',
    eventId: '`Id`',
    recordId: '`RecordId`',
    time: '`TimeCreated`',
    data: '`Properties[i].Value`',
  },
  recognises: (record) => 'RecordId' in record && 'LogName' in record,
  read: (record) => ({
    eventId: record['Id'],
    provider: record['ProviderName'],
    channel: record['LogName'],
    host: record['MachineName'],
    recordId: record['RecordId'],
    time: bare(record['TimeCreated']),
    data: listOf(bare(record['Properties'])).map((property) => (isFields(property) ? property['Value'] : property)),
    message: record['Message'],
  }),
} satisfies EventForm;

/** Windows PowerShell 5.1 wraps dates and lists that have got a property of their own: `{"value": ..., "Count": 10}`. */
function bare(value: unknown): unknown {
  return isFields(value) ? value['value'] : value;
}
