import { err, ok, type Result } from '../../kernel/result.ts';
import type { Behaviour } from './behaviour.ts';
import type { EnumerationPage } from './enumerations.ts';
import type { Answer } from './envelope.ts';
import type { FaultName } from './faults.ts';
import type { HostState } from './host-state.ts';
import { ACTIONS, NS } from './namespaces.ts';
import { pageLimit } from './page.ts';
import type { SoapRequest } from './soap-request.ts';
import { wqlItems } from './wql-items.ts';
import { type Element, element, raw } from './xml-element.ts';
import { child, childText } from './xml-reader.ts';
import { writeInEnvelope } from './xml-writer.ts';

type Outcome = Result<Answer, FaultName>;

/** WQL: the first page, which may be all. */
export function answerEnumerate(request: SoapRequest, { behaviour, enumerations, instances }: HostState): Outcome {
  const enumerate = child(request.body, 'Enumerate', NS.enumeration);
  if (enumerate === undefined) return err('schema violation');
  const items = wqlItems(request.resourceUri, enumerate, instances);
  if (!items.ok) return items;
  const isOptimized = child(enumerate, 'OptimizeEnumeration', NS.wsman) !== undefined;
  // In Enumerate the element is WS-Management's, in Pull it is WS-Enumeration's; without it Optimize means one item.
  const asked = isOptimized ? maxElements(childText(enumerate, 'MaxElements', NS.wsman), 1) : undefined;
  const first = behaviour.firstPage === 'one' && asked !== undefined ? 1 : asked;
  const limit = first === undefined ? undefined : pageLimit(request.maxEnvelopeSize, first);
  const page = enumerations.begin(written(items.value(behaviour.values), behaviour), limit);
  if (!page.ok) return page;
  return ok({
    action: `${ACTIONS.Enumerate}Response`,
    body: element(NS.enumeration, 'EnumerateResponse', ...pageParts(page.value, behaviour, 'Enumerate', isOptimized)),
  });
}

export function answerPullWql(request: SoapRequest, { behaviour, enumerations }: HostState): Outcome {
  const pull = child(request.body, 'Pull', NS.enumeration);
  const context = childText(pull, 'EnumerationContext', NS.enumeration);
  const limit = pageLimit(request.maxEnvelopeSize, maxElements(childText(pull, 'MaxElements', NS.enumeration), 1));
  const page = enumerations.pull(context, limit);
  if (!page.ok) return page;
  return ok({
    action: `${ACTIONS.Pull}Response`,
    body: element(NS.enumeration, 'PullResponse', ...pageParts(page.value, behaviour, 'Pull', true)),
  });
}

export function answerRelease(request: SoapRequest, { enumerations, subscriptions }: HostState): Outcome {
  const context = childText(child(request.body, 'Release', NS.enumeration), 'EnumerationContext', NS.enumeration);
  const isKnown = enumerations.release(context) || subscriptions.release(context);
  return isKnown ? ok({ action: `${ACTIONS.Release}Response`, body: undefined }) : err('enumeration context not found');
}

/** @param otherwise when the text is no number */
export function maxElements(text: string, otherwise: number): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : otherwise;
}

/** `Items` and `EndOfSequence` are of WS-Management in an EnumerateResponse and of WS-Enumeration in a PullResponse. */
export function itemsNamespace({ items }: Behaviour, inside: 'Enumerate' | 'Pull'): string {
  return (inside === 'Enumerate') === (items === 'windows') ? NS.wsman : NS.enumeration;
}

function pageParts(
  { items, context }: EnumerationPage,
  behaviour: Behaviour,
  inside: 'Enumerate' | 'Pull',
  hasItems: boolean,
): Element[] {
  const ns = itemsNamespace(behaviour, inside);
  const contextParts = contextElements(context, behaviour, inside);
  const itemParts = hasItems ? [element(ns, 'Items', ...items.map(raw))] : [];
  const endParts = context === undefined ? [element(ns, 'EndOfSequence')] : [];
  return [...contextParts, ...itemParts, ...endParts];
}

function contextElements(context: string | undefined, { end }: Behaviour, inside: 'Enumerate' | 'Pull'): Element[] {
  const make = (value: string): Element => element(NS.enumeration, 'EnumerationContext', value);
  if (context !== undefined) return [make(context)];
  if (end === 'omi') return [make('uuid:DEAD0000-0000-4000-8000-000000000000')];
  return inside === 'Enumerate' ? [make('')] : [];
}

function* written(items: Iterator<Element>, { spelling }: Behaviour): Iterator<string> {
  for (let next = items.next(); next.done !== true; next = items.next()) yield writeInEnvelope(next.value, spelling);
}
