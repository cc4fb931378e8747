import type { Answer } from './envelope.ts';
import { NS } from './namespaces.ts';
import { element } from './xml-element.ts';

/** The answer to Identify; without credentials the version is masked ([MS-WSMV] 3.1.4.1.23). */
export function identifyResponse(isAuthenticated: boolean): Answer {
  const version = isAuthenticated ? 'OS: 10.0.20348 SP: 0.0 Stack: 3.0' : 'OS: 0.0.0 SP: 0.0 Stack: 3.0';
  const value = (name: string, text: string) => element(NS.identity, name, text);
  return {
    action: undefined,
    body: element(
      NS.identity,
      'IdentifyResponse',
      value('ProtocolVersion', NS.wsman),
      value('ProductVendor', 'Microsoft Corporation'),
      value('ProductVersion', version),
    ),
  };
}
