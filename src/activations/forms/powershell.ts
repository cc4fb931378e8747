import { type Fields, isFields, listOf } from '../fields.ts';
import { FORMS_PAGE, GET_WINEVENT } from '../refusals/refused-form.ts';
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
      lacks: lackOf(record, properties),
    };
  },
} satisfies EventForm;

/** What Select-Object may have left out. */
const NEEDED = ['Id', 'RecordId', 'LogName', 'MachineName', 'TimeCreated'];

function lackOf(record: Fields, properties: readonly unknown[]): string | undefined {
  if (properties.includes(TOO_SHALLOW))
    return `its data are missing: use ConvertTo-Json -Depth 4, ${GET_WINEVENT}. See ${FORMS_PAGE}.`;
  const missing = NEEDED.filter((name) => record[name] === undefined);
  return missing.length === 0 ? undefined : `it lacks ${missing.join(', ')}: leave out Select-Object, ${GET_WINEVENT}`;
}

/** Windows PowerShell 5.1 wraps dates and lists that have got an added property: `{"value": ..., "Count": 10}`. */
export function bare(value: unknown): unknown {
  return isFields(value) ? value['value'] : value;
}
