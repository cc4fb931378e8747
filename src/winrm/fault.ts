import { MAX_FAULT_TEXT } from './limits.ts';
import { oneLine } from './texts.ts';
import type { WinrmFault, WinrmReason } from './types.ts';
import { child, descendant, type XmlElement } from './xml.ts';

const ERROR_ACCESS_DENIED = 5;
const MI_RESULT_ACCESS_DENIED = '2';
const CIM_ERR_ACCESS_DENIED = '2';

/** Longer than any subcode of DSP0226. */
const MAX_SUBCODE = 64;

/**
 * Reads a SOAP fault. Its detail has one of two shapes, or none: a `WSManFault` with the attribute `Code`, and inside it
 * that of the provider; or an `MSFT_WmiError` with `error_Code` (Server 2012 and later).
 * @param hide takes secrets out of what the host says
 */
export function readFault(fault: XmlElement, hide: (text: string) => string = (text) => text): WinrmFault {
  const detail = child(fault, 'Detail');
  const texts = [innermostMessage(detail), child(child(fault, 'Reason'), 'Text')?.text];
  return {
    subcode: oneLine(hide(subcodeOf(fault)), MAX_SUBCODE),
    code: codeOf(detail),
    text: texts.map((text) => oneLine(hide(text ?? ''), MAX_FAULT_TEXT)).find((text) => text !== '') ?? '',
  };
}

/** `s:Sender/w:TimedOut`, without the prefix; subcodes may have subcodes (SOAP 1.2 5.4.1.3). */
function subcodeOf(fault: XmlElement): string {
  let value = '';
  let code = child(child(fault, 'Code'), 'Subcode');
  while (code !== undefined) {
    value = child(code, 'Value')?.text.trim() ?? value;
    code = child(code, 'Subcode');
  }
  return value.slice(value.indexOf(':') + 1);
}

/** The outermost that is known, since those around a provider's own may say only that it failed; else the outermost. */
function codeOf(detail: XmlElement | undefined): number | undefined {
  const wmi = child(detail, 'MSFT_WmiError');
  const texts = [...nestedFaults(detail).map(({ attributes }) => attributes['Code']), wmiCode(wmi)];
  const codes = texts.map(unsigned).filter((code) => code !== undefined);
  const known = codes.find((code) => BY_CODE.has(code));
  if (known !== undefined) return known;
  // Of CIM's own codes (DSP0200), its 2 is the refusal.
  return child(wmi, 'CIMStatusCode')?.text.trim() === CIM_ERR_ACCESS_DENIED ? ERROR_ACCESS_DENIED : codes[0];
}

/** An `MI_Result` (mi.h) is no number of Windows: its 2 is the refusal, and its 5 is not. */
function wmiCode(error: XmlElement | undefined): string | undefined {
  const code = child(error, 'error_Code')?.text.trim();
  if (child(error, 'error_Type')?.text.trim().toUpperCase() === 'MI') {
    return code === MI_RESULT_ACCESS_DENIED ? `${ERROR_ACCESS_DENIED}` : undefined;
  }
  return code || /^HRESULT (0x[\da-f]{1,8})$/i.exec(child(error, 'MessageID')?.text.trim() ?? '')?.[1];
}

/** Faults of providers are nested in the message of the outer fault. */
function nestedFaults(detail: XmlElement | undefined): readonly XmlElement[] {
  const faults: XmlElement[] = [];
  let fault = child(detail, 'WSManFault');
  while (fault !== undefined) {
    faults.push(fault);
    fault = descendant(child(fault, 'Message'), 'WSManFault');
  }
  return faults;
}

/** The provider's message names the fault; the outer one only says that there is one. */
function innermostMessage(detail: XmlElement | undefined): string | undefined {
  const wmi = child(detail, 'MSFT_WmiError');
  if (wmi !== undefined) return child(wmi, 'Message')?.text;
  return nestedFaults(detail)
    .map((fault) => messageOf(child(fault, 'Message')))
    .findLast((text) => text !== undefined && text.trim() !== '');
}

/** A message's own text; or that of a provider, which some wrap in an element of theirs (`ProviderError`). */
function messageOf(message: XmlElement | undefined): string | undefined {
  if (message === undefined || message.text.trim() !== '') return message?.text;
  const provider = child(message, 'ProviderFault');
  const texts = [provider, child(provider, 'ProviderError')].map((element) => element?.text);
  return texts.find((text) => text !== undefined && text.trim() !== '');
}

/** Decimal as a rule, `0x` and hexadecimals by some; a negative number is the same HRESULT with its sign. */
function unsigned(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (!/^(?:-?\d{1,10}|0[xX][\da-fA-F]{1,8})$/.test(trimmed)) return undefined;
  const number = Number(trimmed);
  return number >= -(2 ** 31) && number < 2 ** 32 ? number >>> 0 : undefined;
}

/** Subcodes of DSP0226 and of WS-Enumeration, by local name. */
const BY_SUBCODE: ReadonlyMap<string, WinrmReason> = new Map<string, WinrmReason>([
  ['AccessDenied', 'denied'],
  ['TimedOut', 'timeout'],
  ['QuotaLimit', 'quota'],
  ['InvalidBookmark', 'bookmark'],
  ['InvalidEnumerationContext', 'gone'],
  ['EncodingLimit', 'too_large'],
]);

/**
 * What the plug-in of event logs says when it may read none of the logs that were asked for, or there is none of them
 * (Microsoft, KB 4047777, of events that are forwarded; of a pull nobody has seen it).
 */
const NO_ACTIVE_CHANNEL = 5004;

/** Of winerror.h and wsmerror.h. A Win32 error counts as the HRESULT that is made of it too. */
const BY_CODE: ReadonlyMap<number, WinrmReason> = new Map<number, WinrmReason>([
  [ERROR_ACCESS_DENIED, 'denied'],
  [NO_ACTIVE_CHANNEL, 'denied'],
  [0x80070005, 'denied'],
  [0x80041003, 'denied'], // WBEM_E_ACCESS_DENIED
  [0x80338104, 'denied'], // ERROR_WSMAN_WMI_SVC_ACCESS_DENIED
  [0x80338105, 'denied'], // ERROR_WSMAN_WMI_PROVIDER_ACCESS_DENIED
  [0x80338106, 'denied'], // ERROR_WSMAN_WMI_CANNOT_CONNECT_ACCESS_DENIED
  [0x80338029, 'timeout'], // ERROR_WSMAN_OPERATION_TIMEDOUT
  [0x8033801c, 'timeout'], // ERROR_WSMAN_ENUMERATE_TIMED_OUT
  [0x8033803f, 'quota'], // ERROR_WSMAN_QUOTA_LIMIT
  [0x803381a5, 'quota'], // user's shells
  [0x803381a6, 'quota'], // user's operations
  [0x80338038, 'bookmark'], // ERROR_WSMAN_INVALID_BOOKMARK
  [0x80338050, 'bookmark'], // ERROR_WSMAN_BOOKMARK_EXPIRED
  [15011, 'bookmark'], // ERROR_EVT_QUERY_RESULT_STALE: the log was cleared
  [15012, 'bookmark'], // ERROR_EVT_QUERY_RESULT_INVALID_POSITION
  [0x80073aa3, 'bookmark'],
  [0x80073aa4, 'bookmark'],
  [0x8033801b, 'gone'], // ERROR_WSMAN_ENUMERATE_INVALID_ENUMERATION_CONTEXT
  [0x80338006, 'gone'], // a pull is under way already
  [0x80338007, 'gone'], // the enumeration is closed
  [0x80338008, 'gone'], // the subscription is closed
  [0x80338009, 'gone'], // the subscription is being closed
  [0x8033800a, 'gone'], // no pull within the heartbeat
  [0x80338084, 'gone'], // the last pull failed
  [0x8033809b, 'gone'],
  [0x8033809e, 'gone'],
  [0x80338026, 'too_large'], // ERROR_WSMAN_ENVELOPE_TOO_LARGE
  [0x80338048, 'too_large'], // ERROR_WSMAN_MAX_ENVELOPE_SIZE_EXCEEDED
  [0x80338049, 'too_large'], // ERROR_WSMAN_SERVER_ENVELOPE_LIMIT
]);

/** The code says more than the subcode: Windows wraps refusals of a provider in `InternalError`. */
export function reasonOf({ code, subcode }: WinrmFault): WinrmReason {
  const byCode = code === undefined ? undefined : BY_CODE.get(code);
  return byCode ?? BY_SUBCODE.get(subcode) ?? 'fault';
}

const REMEDIES: Readonly<Partial<Record<WinrmReason, string>>> = {
  denied:
    'the login succeeded, but the account lacks a right: give it (A;;GR;;;SID) in RootSDDL and in the Sddl of the plug-in WMI Provider, membership in Event Log Readers for the log, and Remote Enable on the WMI namespace; then Restart-Service WinRM',
  timeout: 'it could not answer in time: poll it less often or give it more time',
  quota: 'too many operations of this account at once: does another program use the account, or is the quota very low?',
  bookmark: 'the log was cleared, or the position in it was overwritten: read it from the start',
  gone: 'it no longer knows the enumeration or subscription: start a new one',
  too_large: "the answer exceeds the host's MaxEnvelopeSizekb",
};

const NO_CHANNEL_REMEDY =
  'the account can read none of these logs: add it and NETWORK SERVICE, under which WinRM may read, to Event Log Readers, and restart the host; then check that the logs exist';

/** The remedy; undefined if only the host's own words can help. */
export function remedyOf(reason: WinrmReason, { code }: WinrmFault): string | undefined {
  if (code === NO_ACTIVE_CHANNEL) return NO_CHANNEL_REMEDY;
  return REMEDIES[reason];
}
