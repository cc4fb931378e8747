import { expect, test } from 'vitest';
import { readFault, reasonOf, remedyOf } from './fault.ts';
import { readXml } from './xml.ts';

function faultWith(detail: string) {
  const document = readXml(
    `<s:Fault xmlns:s="urn:s" xmlns:w="urn:w" xmlns:f="urn:f" xmlns:p="urn:p">
      <s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:InternalError</s:Value></s:Subcode></s:Code>
      <s:Reason><s:Text xml:lang="">The provider failed.</s:Text></s:Reason>
      <s:Detail>${detail}</s:Detail>
    </s:Fault>`,
  );
  if (!document.ok) throw new Error(document.error);
  return readFault(document.value);
}

/** A fault in the words of a provider, within that of the service around it. */
function nested(outer: string, said: string) {
  return faultWith(
    `<f:WSManFault Code="${outer}" Machine="kms01"><f:Message>
      <f:ProviderFault provider="Event Forwarding Plugin" path="%systemroot%\\system32\\wevtfwd.dll">${said}</f:ProviderFault>
    </f:Message></f:WSManFault>`,
  );
}

test.each([
  ['the outer code where it is known', '5', '15011', 5, 'denied'],
  ['the inner code where only that is known', '2147500037', '15011', 15011, 'bookmark'],
  ['the outer code where none is known', '2147500037', '87', 2147500037, 'fault'],
])('a fault within a fault counts by %s', (_, outer, inner, code, reason) => {
  const read = nested(
    outer,
    `<f:WSManFault Code="${inner}" Machine="kms01"><f:Message>The words of the provider.</f:Message></f:WSManFault>`,
  );

  expect(read).toEqual({ subcode: 'InternalError', code, text: 'The words of the provider.' });
  expect(reasonOf(read)).toBe(reason);
});

test.each([
  ['its text', 'No such file.'],
  ['its own element', '<t:ProviderError xmlns:t="urn:t">No such file.</t:ProviderError>'],
])("a provider's words without their own fault are read from %s", (_, said) => {
  expect(nested('87', said)).toEqual({ subcode: 'InternalError', code: 87, text: 'No such file.' });
});

test('logs that may not be read lead to the rights of NETWORK SERVICE', () => {
  const read = nested('5004', '<t:ProviderError xmlns:t="urn:t">no active channel</t:ProviderError>');

  expect(reasonOf(read)).toBe('denied');
  expect(remedyOf('denied', read)).toContain('NETWORK SERVICE');
  expect(remedyOf('denied', { ...read, code: 5 })).toContain('RootSDDL');
});

test.each([0x80338104, 0x80338105, 0x80338106])('WMI says in its own codes that it denies access: %i', (code) => {
  const read = nested(`${code}`, '');

  expect(reasonOf(read)).toBe('denied');
  expect(remedyOf('denied', read)).toMatch(/plug-in WMI Provider.*Remote Enable.*Restart-Service WinRM/);
});

test("CIM's own code of a refusal counts where no other is known", () => {
  const read = faultWith('<p:MSFT_WmiError><p:CIMStatusCode>2</p:CIMStatusCode></p:MSFT_WmiError>');

  expect(reasonOf(read)).toBe('denied');
});

test.each([0x80338006, 0x80338007, 0x80338008, 0x80338009, 0x8033800a, 0x80338084, 0x8033809b, 0x8033809e])(
  'an enumeration or subscription that has ended is gone: %i',
  (code) => {
    expect(reasonOf(nested(`${code}`, ''))).toBe('gone');
  },
);

test.each([
  ['HRESULT', '<p:error_Code>2147749891</p:error_Code>', '', 0x80041003, 'denied'],
  ['MI', '<p:error_Code>5</p:error_Code>', '', undefined, 'fault'],
  ['MI', '<p:error_Code>2</p:error_Code>', '', 5, 'denied'],
  ['HRESULT', '<p:error_Code/>', 'HRESULT 0x80041003', 0x80041003, 'denied'],
])('an error of WMI of the type %s with %s%s', (type, code, id, expected, reason) => {
  const read = faultWith(
    `<p:MSFT_WmiError><p:MessageID>${id}</p:MessageID>${code}<p:error_Type>${type}</p:error_Type></p:MSFT_WmiError>`,
  );

  expect(read.code).toBe(expected);
  expect(reasonOf(read)).toBe(reason);
});
