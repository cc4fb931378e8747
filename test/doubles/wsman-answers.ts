/**
 * Answers of WS-Management services, written by hand from the shapes that Windows, OMI and others send. They
 * deliberately share no code with the reader.
 */

export interface AnswerOptions {
  /** Elements of the header. */
  readonly header?: string;
  readonly action?: string;
}

/** As Windows writes it; `n:` is enumeration, `w:` WS-Management. */
export function windowsEnvelope(body: string, { header = '', action = 'PullResponse' }: AnswerOptions = {}): string {
  return (
    '<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" ' +
    'xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:e="http://schemas.xmlsoap.org/ws/2004/08/eventing" ' +
    'xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd">' +
    `<s:Header><a:Action>http://schemas.xmlsoap.org/ws/2004/09/enumeration/${action}</a:Action>` +
    '<a:MessageID>uuid:11111111-2222-4333-8444-555555555555</a:MessageID>' +
    `<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>${header}</s:Header>` +
    `<s:Body>${body}</s:Body></s:Envelope>`
  );
}

/** Items in `w:`, an empty context beside the end mark, as Windows ends an optimised enumeration. */
export function enumerateResponse(items: string, context = ''): string {
  const end = context === '' ? '<w:EndOfSequence></w:EndOfSequence>' : '';
  return windowsEnvelope(
    `<n:EnumerateResponse><n:EnumerationContext>${context}</n:EnumerationContext><w:Items>${items}</w:Items>${end}</n:EnumerateResponse>`,
    { action: 'EnumerateResponse' },
  );
}

/** Items in `n:`, no context at the end. */
export function pullResponse(items: string, context = '', header = ''): string {
  const rest = context === '' ? '' : `<n:EnumerationContext>${context}</n:EnumerationContext>`;
  const end = context === '' ? '<n:EndOfSequence></n:EndOfSequence>' : '';
  return windowsEnvelope(`<n:PullResponse>${rest}<n:Items>${items}</n:Items>${end}</n:PullResponse>`, { header });
}

/** One instance as the answer to `SELECT a, b`. */
export function fragment(properties: string): string {
  return `<w:XmlFragment xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${properties}</w:XmlFragment>`;
}

export const SUBSCRIBED = windowsEnvelope(
  '<e:SubscribeResponse><e:SubscriptionManager><a:Address>HTTP://kms01:5985/wsman</a:Address><a:ReferenceProperties>' +
    '<e:Identifier>8E5A2F7C-7C7D-4F0E-8C0A-0123456789AB</e:Identifier></a:ReferenceProperties></e:SubscriptionManager>' +
    '<e:Expires>PT3600.000S</e:Expires><n:EnumerationContext>uuid:FIRST</n:EnumerationContext></e:SubscribeResponse>',
  { action: 'SubscribeResponse' },
);

/** A record of the log with this number, in the default namespace as Windows sends it. */
export function logEvent(recordId: number, channel = 'Key Management Service'): string {
  return (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-SPP'/>" +
    `<EventID Qualifiers='16384'>12290</EventID><TimeCreated SystemTime='2026-11-24T07:00:00.000000000Z'/><EventRecordID>${recordId}</EventRecordID>` +
    `<Channel>${channel}</Channel><Computer>kms01.corp.example.com</Computer></System><EventData><Data>0x0,0x0</Data><Data/></EventData></Event>`
  );
}

export function bookmarkHeader(recordId: number, channel = 'Key Management Service'): string {
  return `<w:Bookmark><BookmarkList><Bookmark Channel="${channel}" RecordId="${recordId}" IsCurrent="true"/></BookmarkList></w:Bookmark>`;
}

/** The shape with a `WSManFault`, as Windows sends most. */
export function wsmanFault(subcode: string, code: number, message: string): string {
  return windowsEnvelope(
    `<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code>` +
      `<s:Reason><s:Text xml:lang="">${message}</s:Text></s:Reason><s:Detail>` +
      `<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="${code}" Machine="kms01">` +
      `<f:Message>${message}</f:Message></f:WSManFault></s:Detail></s:Fault>`,
    { action: 'fault' },
  );
}

export const TIMED_OUT = wsmanFault(
  'w:TimedOut',
  2150858793,
  'The WS-Management service cannot complete the operation within the time specified in OperationTimeout.',
);

export const IDENTITY =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body>' +
  '<wsmid:IdentifyResponse xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">' +
  '<wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion>' +
  '<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>' +
  '<wsmid:ProductVersion>OS: 10.0.20348 SP: 0.0 Stack: 3.0</wsmid:ProductVersion>' +
  '<wsmid:SecurityProfiles><wsmid:SecurityProfileName>http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/spnego-kerberos</wsmid:SecurityProfileName></wsmid:SecurityProfiles>' +
  '</wsmid:IdentifyResponse></s:Body></s:Envelope>';
