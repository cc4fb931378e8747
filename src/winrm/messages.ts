import { escapeXml } from './escape.ts';
import { MAX_ENVELOPE, MAX_ITEMS_A_PAGE, MAX_OPERATION_TIMEOUT } from './limits.ts';
import {
  ACTIONS,
  type Action,
  ADDRESSING,
  ANONYMOUS,
  EARLIEST,
  ENUMERATION,
  EVENT_QUERY_DIALECT,
  EVENTING,
  IDENTITY,
  MICROSOFT_WSMAN,
  PULL_DELIVERY,
  SCHEMA_INSTANCE,
  SOAP,
  WQL_DIALECT,
  WSMAN,
} from './uris.ts';

/** The header fields of every request except Identify. */
export interface Addressed {
  readonly url: string;
  readonly resource: string;
  /** `uuid:` and upper-case hexadecimals. */
  readonly messageId: string;
  /** Milliseconds after which the host is to give up. */
  readonly operationTimeout: number;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
const LANGUAGE = 'xml:lang="en-US" s:mustUnderstand="false"';

export function identifyMessage(): string {
  return `${DECLARATION}<s:Envelope xmlns:s="${SOAP}" xmlns:wsmid="${IDENTITY}"><s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>`;
}

/** The first items come with the answer already (`OptimizeEnumeration`), where the host does that. */
export function enumerateMessage(to: Addressed, wql: string): string {
  return envelope(
    'Enumerate',
    to,
    `<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>${MAX_ITEMS_A_PAGE}</w:MaxElements>` +
      `<w:Filter Dialect="${WQL_DIALECT}">${escapeXml(wql)}</w:Filter></n:Enumerate>`,
  );
}

export function pullMessage(to: Addressed, context: string, maxElements = MAX_ITEMS_A_PAGE): string {
  return envelope('Pull', to, `<n:Pull>${contextOf(context)}<n:MaxElements>${maxElements}</n:MaxElements></n:Pull>`);
}

export function releaseMessage(to: Addressed, context: string): string {
  return envelope('Release', to, `<n:Release>${contextOf(context)}</n:Release>`);
}

export interface Subscribing {
  /** A `<QueryList>`; see `queryList`. */
  readonly query: string;
  /** A `<BookmarkList>` as the host sent it; undefined: none. */
  readonly bookmark: string | undefined;
  /** Without a bookmark: from the first event that there is. */
  readonly earliest: boolean;
  /** Milliseconds of quiet after which the host gives a sign of life. */
  readonly heartbeat: number;
}

/** Bookmarks and query are embedded as XML, as Windows does it itself. */
export function subscribeMessage(to: Addressed, subscribing: Subscribing): string {
  return envelope(
    'Subscribe',
    to,
    `<e:Subscribe><e:Delivery Mode="${PULL_DELIVERY}"><w:Heartbeats>${duration(subscribing.heartbeat)}</w:Heartbeats>` +
      `<w:Locale ${LANGUAGE}/><w:ContentEncoding>UTF-8</w:ContentEncoding></e:Delivery>` +
      '<e:Expires>PT3600.000S</e:Expires>' +
      `<w:Filter Dialect="${EVENT_QUERY_DIALECT}">${subscribing.query}</w:Filter>` +
      `${bookmarkOf(subscribing)}<w:SendBookmarks/></e:Subscribe>`,
    `<w:OptionSet xmlns:xsi="${SCHEMA_INSTANCE}"><w:Option Name="SubscriptionName">kmswatch</w:Option>` +
      '<w:Option Name="ContentFormat">Raw</w:Option><w:Option Name="IgnoreChannelError" xsi:nil="true"/></w:OptionSet>',
  );
}

/** @param identifier what the answer to Subscribe named its manager by */
export function unsubscribeMessage(to: Addressed, identifier: string): string {
  return envelope('Unsubscribe', to, '<e:Unsubscribe/>', `<e:Identifier>${escapeXml(identifier)}</e:Identifier>`);
}

function bookmarkOf({ bookmark, earliest }: Subscribing): string {
  if (bookmark !== undefined) return `<w:Bookmark>${bookmark}</w:Bookmark>`;
  return earliest ? `<w:Bookmark>${EARLIEST}</w:Bookmark>` : '';
}

function contextOf(context: string): string {
  return `<n:EnumerationContext>${escapeXml(context)}</n:EnumerationContext>`;
}

/** Locale and DataLocale may not be `mustUnderstand="true"`, ReplyTo must be there ([MS-WSMV] 3.1.4.1). */
function envelope(action: Action, to: Addressed, body: string, headers = ''): string {
  return (
    `${DECLARATION}<s:Envelope xmlns:s="${SOAP}" xmlns:a="${ADDRESSING}" xmlns:n="${ENUMERATION}" ` +
    `xmlns:e="${EVENTING}" xmlns:w="${WSMAN}" xmlns:p="${MICROSOFT_WSMAN}"><s:Header>` +
    `<a:To>${escapeXml(to.url)}</a:To>` +
    `<w:ResourceURI s:mustUnderstand="true">${escapeXml(to.resource)}</w:ResourceURI>` +
    `<a:ReplyTo><a:Address s:mustUnderstand="true">${ANONYMOUS}</a:Address></a:ReplyTo>` +
    `<a:Action s:mustUnderstand="true">${ACTIONS[action]}</a:Action>` +
    `<w:MaxEnvelopeSize s:mustUnderstand="true">${MAX_ENVELOPE}</w:MaxEnvelopeSize>` +
    `<a:MessageID>${to.messageId}</a:MessageID><w:Locale ${LANGUAGE}/><p:DataLocale ${LANGUAGE}/>` +
    `<w:OperationTimeout>${duration(to.operationTimeout)}</w:OperationTimeout>${headers}</s:Header>` +
    `<s:Body>${body}</s:Body></s:Envelope>`
  );
}

/** Milliseconds: the least that `MaxTimeoutms` may be ([MS-WSMV] 2.2.4.15); hosts refuse less. */
const MIN_OPERATION_TIMEOUT = 500;

/** A duration of XML Schema in seconds with three digits after the point. */
function duration(milliseconds: number): string {
  const clamped = Math.min(Math.max(Math.round(milliseconds), MIN_OPERATION_TIMEOUT), MAX_OPERATION_TIMEOUT);
  return `PT${(clamped / 1000).toFixed(3)}S`;
}
