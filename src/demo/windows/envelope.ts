import { ANONYMOUS, NS } from './namespaces.ts';
import type { Spelling } from './spelling.ts';
import { type Element, element, withAttributes } from './xml-element.ts';
import { writeXml } from './xml-writer.ts';

export interface Answer {
  /** Of the SOAP header; undefined: the header stays empty, as Identify's. */
  readonly action: string | undefined;
  /** Its own headers, such as a bookmark. */
  readonly headers?: readonly Element[];
  /** What is in the body; undefined: nothing. */
  readonly body: Element | undefined;
}

export interface EnvelopeOptions {
  readonly spelling: Spelling;
  /** Headers and parts of the body's element from last to first. */
  readonly isReversed: boolean;
  /** Of the request; empty: there is none to relate to. */
  readonly relatesTo: string;
  readonly messageId: string;
}

/** The answer as it goes over the wire. */
export function writeEnvelope(answer: Answer, options: EnvelopeOptions): string {
  const { isReversed } = options;
  const headers = answer.action === undefined ? [] : addressing(answer.action, options);
  const all = [...headers, ...(answer.headers ?? [])];
  const body = answer.body === undefined || !isReversed ? answer.body : reversed(answer.body);
  const envelope = element(
    NS.soap,
    'Envelope',
    element(NS.soap, 'Header', ...(isReversed ? all.toReversed() : all)),
    element(NS.soap, 'Body', ...(body === undefined ? [] : [body])),
  );
  return writeXml(withAttributes(envelope, [{ ns: NS.xml, name: 'lang' }, 'en-US']), options.spelling);
}

function addressing(action: string, { relatesTo, messageId }: EnvelopeOptions): Element[] {
  const header = (name: string, value: string): Element => element(NS.addressing, name, value);
  const related = relatesTo === '' ? [] : [header('RelatesTo', relatesTo)];
  return [header('Action', action), header('MessageID', messageId), header('To', ANONYMOUS), ...related];
}

/** A fault's parts have an order that SOAP prescribes (SOAP 1.2 part 1, 5.4). */
function reversed(body: Element): Element {
  return body.name === 'Fault' ? body : { ...body, children: body.children.toReversed() };
}
