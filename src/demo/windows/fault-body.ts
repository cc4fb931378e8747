import type { FaultText } from './faults.ts';
import { NS } from './namespaces.ts';
import { type Element, element, withAttributes } from './xml-element.ts';

/** How a host words the detail of its faults. */
export const FAULT_SHAPES = [
  /** `WSManFault`, with a fault of the provider inside where one failed. */
  'wsman-fault',
  /** `MSFT_WmiError`: Server 2012 and later, for many of them. */
  'wmi-error',
  /** No detail, as OMI for its own faults. */
  'bare',
] as const;
export type FaultShape = (typeof FAULT_SHAPES)[number];

const DETAIL = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/';
const s = (name: string, ...children: Parameters<typeof element>[2][]): Element => element(NS.soap, name, ...children);

/** The body of a fault's envelope. @param machine as the host calls itself */
export function faultBody(fault: FaultText, shape: FaultShape, machine: string): Element {
  const code = s(
    'Code',
    s('Value', { nameText: { ns: NS.soap, name: fault.side } }),
    s('Subcode', s('Value', { nameText: fault.subcode })),
  );
  const lang = { ns: NS.xml, name: 'lang' };
  const reason = s('Reason', withAttributes(s('Text', fault.reason), [lang, shape === 'bare' ? 'en-US' : '']));
  const details = [
    ...(fault.detail === undefined ? [] : [element(NS.wsman, 'FaultDetail', `${DETAIL}${fault.detail}`)]),
    ...(shape === 'wsman-fault' ? [wsmanFault(fault, machine)] : []),
    ...(shape === 'wmi-error' ? [wmiError(fault)] : []),
  ];
  return s('Fault', code, reason, ...(details.length === 0 ? [] : [s('Detail', ...details)]));
}

function wsmanFault(fault: FaultText, machine: string): Element {
  const inner = (...message: Parameters<typeof element>[2][]): Element =>
    withAttributes(
      element(NS.fault, 'WSManFault', element(NS.fault, 'Message', ...message)),
      ['Code', String(fault.code)],
      ['Machine', machine],
    );
  if (fault.provider === undefined) return inner(fault.reason);
  const provider = withAttributes(
    element(NS.fault, 'ProviderFault', inner(fault.reason)),
    ['provider', fault.provider],
    ['path', '%systemroot%\\system32\\provider.dll'],
  );
  return inner(provider);
}

function wmiError(fault: FaultText): Element {
  const value = (name: string, type: string, content?: string): Element => {
    const base = content === undefined ? element(NS.wmiError, name) : element(NS.wmiError, name, content);
    const typed = withAttributes(base, [xsi('type'), { ns: NS.cim, name: type }]);
    return content === undefined ? withAttributes(typed, [xsi('nil'), 'true']) : typed;
  };
  const error = element(
    NS.wmiError,
    'MSFT_WmiError',
    value('CIMStatusCode', 'cimUnsignedInt', '1'),
    value('CIMStatusCodeDescription', 'cimString'),
    value('ErrorType', 'cimUnsignedShort', '0'),
    value('Message', 'cimString', fault.reason),
    value('MessageID', 'cimString', `HRESULT 0x${fault.code.toString(16).padStart(8, '0')}`),
    value('PerceivedSeverity', 'cimUnsignedShort', '0'),
    value('error_Category', 'cimUnsignedInt', '0'),
    value('error_Code', 'cimUnsignedInt', String(fault.code)),
    value('error_Type', 'cimString', 'HRESULT'),
    value('error_WindowsErrorMessage', 'cimString', fault.reason),
  );
  return withAttributes(error, [xsi('type'), { ns: NS.wmiError, name: 'MSFT_WmiError_Type' }]);
}

function xsi(name: string): { ns: string; name: string } {
  return { ns: NS.xsi, name };
}
