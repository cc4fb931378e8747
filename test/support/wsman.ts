import { child, childText, type ReadElement, readXml } from '../../src/demo/windows/xml-reader.ts';
import { MINUTE_MS } from '../../src/kernel/time.ts';

/** A message to a WS-Management service, written by hand. */
export interface WsmanMessage {
  /** The last part of the action's URI, or a whole URI. */
  readonly action: string;
  readonly resource?: string;
  readonly body: string;
  /** More headers. */
  readonly header?: string;
  readonly messageId?: string;
  readonly maxEnvelopeSize?: number;
  /** xs:duration. */
  readonly operationTimeout?: string;
}

export interface WsmanAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Undefined: the answer has none, or no XML. */
  readonly header: ReadElement | undefined;
  /** The element in the body. */
  readonly body: ReadElement | undefined;
}

export const ALL_OF_CIMV2 = 'http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*';
export const EVENT_LOG = 'http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog';

const ENUMERATION = 'http://schemas.xmlsoap.org/ws/2004/09/enumeration';
const EVENTING = 'http://schemas.xmlsoap.org/ws/2004/08/eventing';
const FAMILIES: Readonly<Record<string, string>> = {
  Enumerate: ENUMERATION,
  Pull: ENUMERATION,
  Release: ENUMERATION,
  Subscribe: EVENTING,
  Unsubscribe: EVENTING,
  Renew: EVENTING,
};

export function wsmanEnvelope(message: WsmanMessage): string {
  const {
    action,
    resource = ALL_OF_CIMV2,
    body,
    header = '',
    messageId = 'uuid:1B5B45A4-1DE1-4B0F-A5D1-2E6F1B6B7C8D',
  } = message;
  const family = FAMILIES[action];
  const uri = family === undefined ? action : `${family}/${action}`;
  return [
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"',
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"',
    ` xmlns:n="${ENUMERATION}" xmlns:e="${EVENTING}"`,
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"',
    ' xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"><s:Header>',
    `<a:To>http://kms01/wsman</a:To><w:ResourceURI s:mustUnderstand="true">${resource}</w:ResourceURI>`,
    '<a:ReplyTo><a:Address s:mustUnderstand="true">',
    'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>',
    `<a:Action s:mustUnderstand="true">${uri}</a:Action>`,
    `<w:MaxEnvelopeSize s:mustUnderstand="true">${message.maxEnvelopeSize ?? 512_000}</w:MaxEnvelopeSize>`,
    `<a:MessageID>${messageId}</a:MessageID><w:Locale xml:lang="en-US" s:mustUnderstand="false"/>`,
    `<w:OperationTimeout>${message.operationTimeout ?? 'PT60.000S'}</w:OperationTimeout>${header}`,
    `</s:Header><s:Body>${body}</s:Body></s:Envelope>`,
  ].join('');
}

export const IDENTIFY = [
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"',
  ' xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">',
  '<s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>',
].join('');

export async function postWsman(
  url: string,
  envelope: string,
  headers: Readonly<Record<string, string>> = {},
  signal = AbortSignal.timeout(MINUTE_MS),
): Promise<WsmanAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    body: envelope,
    headers: { 'content-type': 'application/soap+xml;charset=UTF-8', ...headers },
    signal,
  });
  const text = await response.text();
  let root: ReadElement | undefined;
  // Read when it is asked for: who follows a hundred thousand records looks at the text.
  const answered = (): ReadElement | undefined => {
    if (root !== undefined) return root;
    const read = readXml(text, 1_000_000);
    if (read.ok) root = read.value;
    return root;
  };
  return {
    status: response.status,
    text,
    headers: response.headers,
    get header() {
      return child(answered(), 'Header');
    },
    get body() {
      return child(answered(), 'Body')?.children[0];
    },
  };
}

export function askWsman(url: string, message: WsmanMessage, signal?: AbortSignal): Promise<WsmanAnswer> {
  return postWsman(url, wsmanEnvelope(message), {}, signal);
}

/** The items of an answer, in whichever namespace they are. */
export function itemsOf({ body }: WsmanAnswer): readonly ReadElement[] {
  return child(body, 'Items')?.children ?? [];
}

export function contextOf({ body }: WsmanAnswer): string {
  return childText(body, 'EnumerationContext');
}

export function isEnd({ body }: WsmanAnswer): boolean {
  return child(body, 'EndOfSequence') !== undefined;
}

/** Subcode without prefix, and the code in either shape of detail. */
export function faultOf({ body }: WsmanAnswer): { readonly subcode: string; readonly code: string } {
  const subcode = childText(child(child(body, 'Code'), 'Subcode'), 'Value').replace(/^.*:/, '');
  const detail = child(body, 'Detail');
  const code =
    child(detail, 'WSManFault')?.attributes.get('Code') ?? childText(child(detail, 'MSFT_WmiError'), 'error_Code');
  return { subcode, code };
}

/** An optimised enumeration of a query. @param text WQL, not yet escaped */
export function enumerateBody(text: string, maxElements = 32_000): string {
  const filter = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    `<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>${maxElements}</w:MaxElements>`,
    `<w:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">${filter}</w:Filter></n:Enumerate>`,
  ].join('');
}

export function pullBody(context: string, maxElements = 32_000): string {
  return `<n:Pull><n:EnumerationContext>${context}</n:EnumerationContext><n:MaxElements>${maxElements}</n:MaxElements></n:Pull>`;
}

/** Everything that a query gives, page by page. */
export async function enumerateAll(
  url: string,
  query: string,
  more: Partial<WsmanMessage> = {},
): Promise<ReadElement[][]> {
  let answer = await askWsman(url, { action: 'Enumerate', body: enumerateBody(query), ...more });
  const pages = [[...itemsOf(answer)]];
  for (let i = 0; i < 10_000 && !isEnd(answer); i += 1) {
    answer = await askWsman(url, { action: 'Pull', body: pullBody(contextOf(answer)), ...more });
    pages.push([...itemsOf(answer)]);
  }
  return pages;
}

export interface SubscribeOptions {
  /** Channel to XPath. */
  readonly queries: Readonly<Record<string, string>>;
  /** The inside of `w:Bookmark`. */
  readonly bookmark?: string;
  readonly heartbeats?: string;
  readonly isEscaped?: boolean;
}

export function subscribeBody({ queries, bookmark, heartbeats, isEscaped }: SubscribeOptions): string {
  const escaped = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const selects = Object.entries(queries).map(
    ([channel, xpath], index) => `<Query Id="${index}"><Select Path="${channel}">${escaped(xpath)}</Select></Query>`,
  );
  const list = `<QueryList>${selects.join('')}</QueryList>`;
  return [
    '<e:Subscribe><e:Delivery Mode="http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull">',
    heartbeats === undefined ? '' : `<w:Heartbeats>${heartbeats}</w:Heartbeats>`,
    '</e:Delivery><e:Expires>PT3600.000S</e:Expires>',
    '<w:Filter Dialect="http://schemas.microsoft.com/win/2004/08/events/eventquery">',
    `${isEscaped ? escaped(list) : list}</w:Filter>`,
    bookmark === undefined ? '' : `<w:Bookmark>${bookmark}</w:Bookmark>`,
    '<w:SendBookmarks/></e:Subscribe>',
  ].join('');
}

export const EARLIEST = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest';
