import { below, type Fields, textOf } from '../fields.ts';
import type { EventForm } from './form.ts';

/** It joins the insertion strings; no field of these events has a comma with a blank behind it. */
const BETWEEN = ', ';

export const wazuh = {
  name: 'wazuh',
  title: 'Wazuh, `archives.json` and `alerts.json`',
  setting: '`logall_json` in the manager, for `archives.json`.',
  paths: {
    host: '`data.win.system.computer`',
    channel: '`data.win.system.channel`',
    eventId: '`data.win.system.eventID`',
    recordId: '`data.win.system.eventRecordID`',
    time: '`data.win.system.systemTime`',
    data: '`data.win.eventdata.data`, one text with ", " between',
  },
  recognises: (record) => 'system' in windows(record),
  read: (record) => {
    const system = below(windows(record), 'system');
    return {
      eventId: system['eventID'],
      provider: system['providerName'],
      channel: system['channel'],
      host: system['computer'],
      recordId: system['eventRecordID'],
      time: system['systemTime'],
      data: textOf(below(windows(record), 'eventdata')['data']).split(BETWEEN),
      message: textOf(system['message']).replace(/^"|"$/g, ''),
    };
  },
} satisfies EventForm;

function windows(record: Fields): Fields {
  return below(below(record, 'data'), 'win');
}
