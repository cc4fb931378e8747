/** Namespaces of WS-Management as Windows speaks it ([MS-WSMV] 2.2.1). */
export const NS = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  addressing: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  enumeration: 'http://schemas.xmlsoap.org/ws/2004/09/enumeration',
  eventing: 'http://schemas.xmlsoap.org/ws/2004/08/eventing',
  transfer: 'http://schemas.xmlsoap.org/ws/2004/09/transfer',
  wsman: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  microsoft: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  fault: 'http://schemas.microsoft.com/wbem/wsman/1/wsmanfault',
  identity: 'http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd',
  cim: 'http://schemas.dmtf.org/wbem/wscim/1/common',
  wmiError: 'http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError',
  event: 'http://schemas.microsoft.com/win/2004/08/events/event',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  xml: 'http://www.w3.org/XML/1998/namespace',
  none: '',
} as const;

/** What a host lets an account do that has read access only ([MS-WSMV] 3.1.4.1.28, access class GR), without Get. */
export const ACTIONS = {
  Enumerate: `${NS.enumeration}/Enumerate`,
  Pull: `${NS.enumeration}/Pull`,
  Release: `${NS.enumeration}/Release`,
  Subscribe: `${NS.eventing}/Subscribe`,
  Unsubscribe: `${NS.eventing}/Unsubscribe`,
} as const;
export type ReadAction = keyof typeof ACTIONS;

export const ANONYMOUS = `${NS.addressing}/role/anonymous`;
export const WMI_RESOURCE = 'http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/';
export const EVENT_LOG_RESOURCE = 'http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog';
export const WQL_DIALECT = 'http://schemas.microsoft.com/wbem/wsman/1/WQL';
export const EVENT_QUERY_DIALECT = 'http://schemas.microsoft.com/win/2004/08/events/eventquery';
export const PULL_DELIVERY = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull';
export const EARLIEST_BOOKMARK = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest';
/** In place of credentials where a client certificate speaks for the caller ([MS-WSMV] 3.1.4.1.30). */
export const CERTIFICATE_PROFILE = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual';
