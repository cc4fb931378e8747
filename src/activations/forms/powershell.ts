import { isFields, listOf } from '../fields.ts';
import type { EventForm } from './form.ts';

/** PowerShell's replacement for each property that is deeper than -Depth. */
const TOO_SHALLOW = 'System.Diagnostics.Eventing.Reader.EventProperty';

export const powershell = {
  name: 'powershell',
  title: 'PowerShell, `Get-WinEvent | ConvertTo-Json`, 5.1 and 7',
  setting: '`ConvertTo-Json -Depth 4`. A smaller depth leaves out the data.',
  paths: {
    host: '`MachineName`',
    channel: '`LogName`',
    eventId: '`Id`',
    recordId: '`RecordId`',
    time: '`TimeCreated`',
    data: '`Properties[i].Value`',
  },
  recognises: (record) => 'RecordId' in record && 'LogName' in record,
  read: (record) => {
    const properties = listOf(bare(record['Properties']));
    return {
      eventId: record['Id'],
      provider: record['ProviderName'],
      channel: record['LogName'],
      host: record['MachineName'],
      recordId: record['RecordId'],
      time: bare(record['TimeCreated']),
      data: properties.map((property) => (isFields(property) ? property['Value'] : property)),
      message: record['Message'],
      problem: properties.includes(TOO_SHALLOW) ? 'its data are missing: use ConvertTo-Json -Depth 4' : undefined,
    };
  },
} satisfies EventForm;

/** Windows PowerShell 5.1 wraps dates and lists that have got a property of their own: `{"value": ..., "Count": 10}`. */
export function bare(value: unknown): unknown {
  return isFields(value) ? value['value'] : value;
}
