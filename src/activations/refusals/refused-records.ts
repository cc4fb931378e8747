import { below, type Fields, isFields } from '../fields.ts';
import { FORMS_PAGE, GET_WINEVENT, quoted, type RefusedForm, SHIPPERS, WEVTUTIL } from './refused-form.ts';

interface RefusedRecord extends RefusedForm {
  matches(record: Fields): boolean;
}

const NO_ID = 'it has no record ids';

const REPORT = 'it is not a log record';

/** Objects of JSON that are in no form that is read, by their keys; asked from the top. */
export const REFUSED_RECORDS: readonly RefusedRecord[] = [
  {
    name: 'a report of a KMS host',
    lacks: REPORT,
    remedy: `POST it to /api/v1/reports/HOST with the token of the host, as in docs/windows.md; its log comes from ${WEVTUTIL}`,
    matches: (record) => isFields(record['service']) && Array.isArray(record['products']),
  },
  {
    name: 'a row of SoftwareLicensingService or SoftwareLicensingProduct',
    lacks: REPORT,
    remedy: `run ${WEVTUTIL}; what a host says of itself is sent by the scripts in docs/windows.md`,
    matches: (record) =>
      hasAny(record, ['KeyManagementServiceCurrentCount', 'KeyManagementServiceListeningPort', 'PartialProductKey']),
  },
  {
    name: 'a result of osquery',
    lacks: NO_ID,
    remedy: SHIPPERS,
    matches: (record) =>
      hasAny(record, ['hostIdentifier', 'calendarTime']) || has(record, ['eventid', 'provider_name']),
  },
  {
    name: 'JSON of EvtxECmd',
    lacks: 'its event data are in columns for people',
    remedy: 'import the .evtx file itself, or use EvtxECmd --xml in place of --json',
    matches: (record) =>
      'EventRecordId' in record && hasAny(record, ['ChunkNumber', 'Payload', 'PayloadData1', 'MapDescription']),
  },
  {
    name: 'JSON of Velociraptor (parse_evtx)',
    lacks: 'it has the event id and the time in its own form',
    remedy: `import the .evtx file itself, or run ${WEVTUTIL} on the host`,
    matches: (record) => 'Value' in below(below(record, 'System'), 'EventID'),
  },
  {
    name: 'the table WindowsEvent of Azure Monitor',
    lacks: 'it has no event data in a form that is the same for every sender',
    remedy: `${SHIPPERS}, or run ${WEVTUTIL} on the host`,
    matches: (record) => 'EventOriginId' in record,
  },
  {
    name: 'the table Event of Azure Monitor',
    lacks: NO_ID,
    remedy: `${SHIPPERS}, or run ${WEVTUTIL} on the host`,
    matches: (record) =>
      hasAny(record, ['RenderedDescription', 'ParameterXml', 'EventLevelName', '_ResourceId', 'TenantId']) ||
      (Array.isArray(record['tables']) && !('winlog' in record)),
  },
  {
    name: 'a row of Win32_NTLogEvent',
    lacks: 'its times are not in a form that every version of PowerShell writes alike',
    remedy: `use Get-WinEvent: ${GET_WINEVENT}`,
    matches: (record) => hasAny(record, ['InsertionStrings', 'Logfile', '__CLASS']) || 'Win32_NTLogEvent' in record,
  },
  {
    name: 'GELF',
    lacks: 'it has no event data in a form that is the same for every sender',
    remedy: SHIPPERS,
    matches: (record) => hasAny(record, ['short_message', 'gl2_source_input', 'gl2_message_id']),
  },
  {
    name: "a message of Splunk's HTTP Event Collector",
    lacks: 'it may be anything that somebody indexed',
    remedy: `export the search as JSON with renderXml = true in inputs.conf, or run ${WEVTUTIL} on the host`,
    matches: (record) => 'event' in record && hasAny(record, ['sourcetype', 'index', 'source']),
  },
  {
    name: 'a push of Loki',
    lacks: 'its records are text inside of streams',
    remedy: 'lead Alloy or Promtail through config/shippers/alloy-relay.vector.yaml',
    matches: (record) => Array.isArray(record['streams']),
  },
  {
    name: 'a batch of CloudWatch Logs',
    lacks: 'its records are text inside of a batch',
    remedy: SHIPPERS,
    matches: (record) => hasAny(record, ['logEvents', 'logGroup', 'logStreamName']),
  },
  {
    name: 'a result of Chainsaw or Hayabusa',
    lacks: 'it has what a rule found, and not the records',
    remedy: 'import the .evtx file itself',
    matches: (record) => hasAny(record, ['RuleTitle', 'RuleFile', 'detections']) || isFields(record['document']),
  },
  {
    name: 'syslog as JSON',
    lacks: 'it has no event data in a form that is the same for every sender',
    remedy: SHIPPERS,
    matches: (record) =>
      hasAny(record, ['syslogtag', 'SYSLOG_IDENTIFIER', '__REALTIME_TIMESTAMP', 'PRIORITY', 'syslog']),
  },
];

/** The properties of PowerShell's two commands without which a record cannot be distinguished from another. */
const GET_WINEVENT_NEEDS = ['Id', 'RecordId', 'LogName', 'MachineName', 'TimeCreated', 'Properties'];
const GET_EVENTLOG_NEEDS = ['EventID', 'Index', 'MachineName', 'TimeGenerated', 'ReplacementStrings'];

/** Keys that are named to the sender of an unknown form. */
const MOST_KEYS = 12;

/** Why an object is in no form that is read. */
export function refusedRecord(record: Fields): RefusedForm {
  return (
    REFUSED_RECORDS.find((form) => form.matches(record)) ??
    selected(record, 'Get-WinEvent', GET_WINEVENT_NEEDS, ['TimeCreated', 'RecordId', 'LogName', 'LevelDisplayName']) ??
    selected(record, 'Get-EventLog', GET_EVENTLOG_NEEDS, ['TimeGenerated', 'EntryType', 'Index', 'InstanceId']) ??
    unknown(record)
  );
}

function selected(
  record: Fields,
  command: string,
  needs: readonly string[],
  signs: readonly string[],
): RefusedForm | undefined {
  if (!hasAny(record, signs)) return undefined;
  const missing = needs.filter((name) => !(name in record));
  return {
    name: `JSON of ${command} with only some of its properties`,
    lacks: `it lacks ${missing.join(', ')}`,
    remedy: `leave out Select-Object: ${GET_WINEVENT}`,
  };
}

function unknown(record: Fields): RefusedForm {
  const keys = Object.keys(record);
  const inner = keys.length === 1 ? Object.keys(below(record, keys[0] ?? '')) : [];
  const named = inner.length > 0 ? inner.map((key) => `${keys[0]}.${key}`) : keys;
  const more = named.length > MOST_KEYS ? ` and ${named.length - MOST_KEYS} more` : '';
  const found =
    named.length === 0 ? 'it has no keys' : `its keys are ${quoted(named.slice(0, MOST_KEYS).join(', '), 300)}${more}`;
  return {
    name: 'JSON in a form that kmswatch does not know',
    lacks: found,
    remedy: `send one of the forms in ${FORMS_PAGE}, for example by ${WEVTUTIL}`,
  };
}

function has(record: Fields, keys: readonly string[]): boolean {
  return keys.every((key) => key in record);
}

function hasAny(record: Fields, keys: readonly string[]): boolean {
  return keys.some((key) => key in record);
}
