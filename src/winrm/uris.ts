/** The namespaces and URIs of DSP0226 and of [MS-WSMV] 2.2.1; spelled as Windows sends them. */

export const SOAP = 'http://www.w3.org/2003/05/soap-envelope';
export const ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';
export const ENUMERATION = 'http://schemas.xmlsoap.org/ws/2004/09/enumeration';
export const EVENTING = 'http://schemas.xmlsoap.org/ws/2004/08/eventing';
export const WSMAN = 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd';
export const MICROSOFT_WSMAN = 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd';
export const IDENTITY = 'http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd';
export const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
export const WINDOWS_EVENT = 'http://schemas.microsoft.com/win/2004/08/events/event';

export const ANONYMOUS = `${ADDRESSING}/role/anonymous`;

/**
 * Everything that this program asks of a host, Identify aside, which has no action. All of it is in the class of
 * reading rights ([MS-WSMV] 3.1.4.1.28): no shell, no method, nothing that writes.
 */
export const ACTIONS = {
  Enumerate: `${ENUMERATION}/Enumerate`,
  Pull: `${ENUMERATION}/Pull`,
  Release: `${ENUMERATION}/Release`,
  Subscribe: `${EVENTING}/Subscribe`,
  Unsubscribe: `${EVENTING}/Unsubscribe`,
} as const;
export type Action = keyof typeof ACTIONS;

export const EVENT_LOG = 'http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog';
export const WQL_DIALECT = 'http://schemas.microsoft.com/wbem/wsman/1/WQL';
export const EVENT_QUERY_DIALECT = 'http://schemas.microsoft.com/win/2004/08/events/eventquery';
export const PULL_DELIVERY = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull';
export const EARLIEST = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest';
/** The login by client certificate has to be declared explicitly ([MS-WSMV] 2.2.9.2 has the profiles). */
export const MUTUAL_TLS = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual';

/** Every class of a CIM namespace, for queries: Windows has the namespace in the URI, with slashes. */
export function wmiResource(namespace: string): string {
  return `http://schemas.microsoft.com/wbem/wsman/1/wmi/${namespace.replaceAll('\\', '/').toLowerCase()}/*`;
}
