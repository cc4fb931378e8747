import { err, ok, type Result } from '../../kernel/result.ts';
import { MINUTE_MS } from '../../kernel/time.ts';
import type { FaultName } from './faults.ts';
import { readIsoDuration } from './iso-duration.ts';
import { ACTIONS, ANONYMOUS, NS, type ReadAction } from './namespaces.ts';
import { child, childText, type ReadElement, readXml } from './xml-reader.ts';

/** A message that a client sent, as far as a host with read access alone looks at it. */
export interface SoapRequest {
  /** Undefined: an action that this host does not know, or does not let this account do. */
  readonly action: ReadAction | 'Identify' | undefined;
  readonly actionUri: string;
  /** Empty when there is none: Identify needs none. */
  readonly messageId: string;
  readonly resourceUri: string;
  /** Bytes of the answer in UTF-16. */
  readonly maxEnvelopeSize: number;
  /** Milliseconds. */
  readonly operationTimeout: number;
  /** By name; a null option is an empty text. */
  readonly options: ReadonlyMap<string, string>;
  readonly header: ReadElement;
  readonly body: ReadElement;
}

/** The message id is known even where the rest is not understood: a fault relates to it. */
export interface RefusedRequest {
  readonly fault: FaultName;
  readonly messageId: string;
}

/** Of Windows Server 2012 and later ([MS-WSMV] 2.2.4.10): MaxEnvelopeSizekb 500, MaxTimeoutms 60000. */
const MAX_ENVELOPE_SIZE = 512_000;
const MIN_ENVELOPE_SIZE = 8_192;
const MAX_TIMEOUT = MINUTE_MS;
/** The least that MaxTimeoutms may be ([MS-WSMV] 2.2.4.15). */
const MIN_TIMEOUT = 500;

export function readSoapRequest(text: string): Result<SoapRequest, RefusedRequest> {
  const read = readXml(text);
  if (!read.ok) return err({ fault: 'schema violation', messageId: '' });
  const envelope = read.value;
  const header = child(envelope, 'Header', NS.soap);
  const body = child(envelope, 'Body', NS.soap);
  const messageId = childText(header, 'MessageID', NS.addressing);
  const refuse = (fault: FaultName) => err({ fault, messageId });
  if (envelope.name !== 'Envelope' || envelope.ns !== NS.soap || body === undefined) return refuse('schema violation');
  const request = { header: header ?? envelope, body, messageId };
  if (child(body, 'Identify', NS.identity) !== undefined) return ok({ ...request, ...IDENTIFY });
  const fault = header === undefined ? 'header required' : faultIn(header);
  if (fault !== undefined || header === undefined) return refuse(fault ?? 'header required');
  const size = childText(header, 'MaxEnvelopeSize', NS.wsman);
  const timeout = readIsoDuration(childText(header, 'OperationTimeout', NS.wsman)) ?? MAX_TIMEOUT;
  const actionUri = childText(header, 'Action', NS.addressing);
  return ok({
    ...request,
    action: ACTION_NAMES.get(actionUri),
    actionUri,
    resourceUri: childText(header, 'ResourceURI', NS.wsman),
    maxEnvelopeSize: size === '' ? MAX_ENVELOPE_SIZE : Math.min(MAX_ENVELOPE_SIZE, Number(size)),
    operationTimeout: timeout,
    options: optionsIn(header),
  });
}

/** An operation that is not a Pull waits no longer than the service's own limit, whatever it was asked. */
export function clampTimeout({ action, operationTimeout }: SoapRequest): number {
  return action === 'Pull' ? operationTimeout : Math.min(MAX_TIMEOUT, operationTimeout);
}

const ACTION_NAMES = new Map(Object.entries(ACTIONS).map(([name, uri]) => [uri as string, name as ReadAction]));

const IDENTIFY = {
  action: 'Identify',
  actionUri: '',
  resourceUri: '',
  maxEnvelopeSize: MAX_ENVELOPE_SIZE,
  operationTimeout: MAX_TIMEOUT,
  options: new Map<string, string>(),
} as const;

/** The rules of [MS-WSMV] 3.1.4.1 for the headers of a message. */
function faultIn(header: ReadElement): FaultName | undefined {
  const replyTo = childText(child(header, 'ReplyTo', NS.addressing), 'Address', NS.addressing);
  if (childText(header, 'MessageID', NS.addressing) === '') return 'header required';
  if (childText(header, 'Action', NS.addressing) === '' || replyTo === '') return 'header required';
  if (replyTo !== ANONYMOUS) return 'invalid header';
  const timeout = childText(header, 'OperationTimeout', NS.wsman);
  const wait = readIsoDuration(timeout);
  if (timeout !== '' && wait === undefined) return 'invalid header';
  if (wait !== undefined && wait < MIN_TIMEOUT) return 'timeout too small';
  for (const [ns, name] of [
    [NS.wsman, 'Locale'],
    [NS.microsoft, 'DataLocale'],
  ] as const) {
    const locale = child(header, name, ns);
    if (isTrue(locale?.attributes.get('mustUnderstand'))) return 'locale must be understood';
  }
  const size = childText(header, 'MaxEnvelopeSize', NS.wsman);
  if (size !== '' && !/^\d{1,10}$/.test(size)) return 'invalid header';
  return size !== '' && Number(size) < MIN_ENVELOPE_SIZE ? 'envelope size too small' : undefined;
}

function optionsIn(header: ReadElement): ReadonlyMap<string, string> {
  const set = child(header, 'OptionSet', NS.wsman);
  return new Map((set?.children ?? []).map((each) => [each.attributes.get('Name') ?? '', each.text.trim()]));
}

function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1';
}
