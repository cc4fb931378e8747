import { expect, test } from 'vitest';
import { readFault, reasonOf } from './fault.ts';
import { readXml } from './xml.ts';

/** A fault in the words of a provider, within that of the service around it. */
function fault(outer: string, inner: string) {
  const document = readXml(
    `<s:Fault xmlns:s="urn:s" xmlns:w="urn:w" xmlns:f="urn:f">
      <s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:InternalError</s:Value></s:Subcode></s:Code>
      <s:Reason><s:Text xml:lang="">The provider failed.</s:Text></s:Reason>
      <s:Detail>
        <f:WSManFault Code="${outer}" Machine="kms01"><f:Message>
          <f:ProviderFault provider="Event Forwarding Plugin" path="%systemroot%\\system32\\wevtfwd.dll">
            <f:WSManFault Code="${inner}" Machine="kms01"><f:Message>The words of the provider.</f:Message></f:WSManFault>
          </f:ProviderFault>
        </f:Message></f:WSManFault>
      </s:Detail>
    </s:Fault>`,
  );
  if (!document.ok) throw new Error(document.error);
  return readFault(document.value);
}

test.each([
  ['the outer code where it is known', '5', '15011', 5, 'denied'],
  ['the inner code where only that is known', '2147500037', '15011', 15011, 'bookmark'],
  ['the outer code where none is known', '2147500037', '87', 2147500037, 'fault'],
])('a fault within a fault counts by %s', (_, outer, inner, code, reason) => {
  const read = fault(outer, inner);

  expect(read).toEqual({ subcode: 'InternalError', code, text: 'The words of the provider.' });
  expect(reasonOf(read)).toBe(reason);
});
