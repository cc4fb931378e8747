/** A form that administrators have and kmswatch cannot read, with a way out. */
export interface RefusedForm {
  /** What it is, with its article: the subject of a sentence. */
  readonly name: string;
  /** Why no record of it can be taken. */
  readonly lacks: string;
  /** The command or setting that gives a form which is read. */
  readonly remedy: string;
}

/** Lists every form that is read, and those that are not. */
export const FORMS_PAGE = 'docs/event-forms.md';

export const WEVTUTIL = 'wevtutil qe "Key Management Service" /f:xml > kms.xml';
export const GET_WINEVENT = 'Get-WinEvent -LogName "Key Management Service" | ConvertTo-Json -Depth 4 > kms.json';

export const SAVE_AS = 'in Event Viewer, save all events as .evtx or as XML';

/** For what came out of a shipper or collector. */
export const SHIPPERS = `send the records as JSON or event XML: config/shippers has a configuration for each shipper`;

/** One refusal for a whole file or body. */
export function refusalOf({ name, lacks, remedy }: RefusedForm): string {
  return `${name} cannot be read: ${lacks}. Instead, ${remedy}. See ${FORMS_PAGE}.`;
}

/** A piece of the sender's text that is safe to print and not long. */
export function quoted(text: string, most = 60): string {
  const plain = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return `"${plain.length > most ? `${plain.slice(0, most)}...` : plain}"`;
}

/** For a saved log with damaged parts: nearly always, it was copied wrongly. */
export const DAMAGED_LOG =
  'if it was copied as text or not to its end, copy it again, in binary; on the host, wevtutil epl "Key Management Service" kms.evtx saves it again';

/** For a body with nothing in it, or with a form that is read and no record. */
export const EMPTY_BODY = `the body has no log record: the log or the file is empty, or it was not sent. On the KMS host, run ${WEVTUTIL}, and send it with curl --data-binary @kms.xml. See ${FORMS_PAGE}.`;

/** For people who have nothing but an empty file. */
export const EMPTY_FILE = `the file is empty. On the KMS host, run ${WEVTUTIL}. See ${FORMS_PAGE}.`;

/** For a form that is read, with nothing in it. */
export const NO_RECORD = `there is no record in it: its log is empty, or a filter left nothing over. On the KMS host, run ${WEVTUTIL}; if that gives nothing either, no client has asked this host since its log was cleared. See ${FORMS_PAGE}.`;
