import type { Fields } from '../fields.ts';
import { alloy } from './alloy.ts';
import { evtxDump, openWec } from './event-json.ts';
import { eventXml } from './event-xml.ts';
import { fluentBit, fluentBitWinlog, fluentBitXml } from './fluent-bit.ts';
import type { EventForm } from './form.ts';
import { getEventLog } from './get-event-log.ts';
import { nxlog } from './nxlog.ts';
import { openTelemetry } from './open-telemetry.ts';
import { own } from './own.ts';
import { powershell } from './powershell.ts';
import { splunk } from './splunk.ts';
import { vector } from './vector.ts';
import { wazuh } from './wazuh.ts';
import { winlogbeat, winlogbeat6 } from './winlogbeat.ts';

/** Every form that is read, asked from the top: reading, the documentation, the samples and the tests go by this. */
export const EVENT_FORMS: readonly EventForm[] = [
  own,
  eventXml,
  winlogbeat,
  winlogbeat6,
  fluentBit,
  fluentBitXml,
  fluentBitWinlog,
  openTelemetry,
  vector,
  alloy,
  nxlog,
  powershell,
  getEventLog,
  wazuh,
  openWec,
  splunk,
  evtxDump,
];

/** Which form a parsed record is in; undefined when in none. */
export function formOf(record: Fields): EventForm | undefined {
  return EVENT_FORMS.find((form) => form.recognises(record));
}
