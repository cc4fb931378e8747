import { bookmarkText } from './event-query.ts';
import type { Envelope } from './session.ts';
import { detached } from './texts.ts';
import type { EventBatch, WinrmIdentity, WmiObject } from './types.ts';
import { WINDOWS_EVENT } from './uris.ts';
import { readWmiObject } from './wmi-object.ts';
import { child, descendant, readXml, writeXml, type XmlElement } from './xml.ts';

/** The readers of this file give undefined when the answer is not one to that question. */

export interface Page<Item> {
  readonly items: readonly Item[];
  /** To ask for the next page with; undefined: this was the last one. */
  readonly context: string | undefined;
}

/**
 * `EnumerateResponse` or `PullResponse`. Items and end mark are in the namespace of enumeration or in that of
 * WS-Management. The end mark counts more than a context, which some send along with it; an empty context is none.
 */
export function readPage({ content }: Envelope, name: PageName): Page<WmiObject> | undefined {
  const items = itemsOf(content, name);
  return items && { items: items.map(readWmiObject), context: contextOf(content) };
}

export type PageName = 'EnumerateResponse' | 'PullResponse';

/** The same for events, whose bookmark is in the header. */
export function readEventPage(envelope: Envelope): (EventBatch & { readonly context: string | undefined }) | undefined {
  const items = itemsOf(envelope.content, 'PullResponse');
  return (
    items && {
      events: items.flatMap(eventTexts),
      bookmark: bookmarkText(child(envelope.header, 'Bookmark')),
      context: contextOf(envelope.content),
    }
  );
}

export interface Subscribed {
  readonly context: string;
  /** The subscription manager to unsubscribe at; undefined if the host names none. */
  readonly identifier: string | undefined;
}

export function readSubscribed({ content }: Envelope): Subscribed | undefined {
  if (content?.name !== 'SubscribeResponse') return undefined;
  const context = contextOf(content);
  const identifier = descendant(child(content, 'SubscriptionManager'), 'Identifier')?.text.trim();
  return context === undefined ? undefined : { context, identifier: identifier ? detached(identifier) : undefined };
}

export function readIdentity({ content }: Envelope): WinrmIdentity | undefined {
  if (content?.name !== 'IdentifyResponse') return undefined;
  const profiles = child(content, 'SecurityProfiles')?.children ?? [];
  return {
    protocol: textOf(content, 'ProtocolVersion'),
    vendor: textOf(content, 'ProductVendor'),
    version: textOf(content, 'ProductVersion'),
    securityProfiles: profiles.map(({ text }) => text.trim()),
  };
}

/** The message that this answer is one to; undefined when it does not say. */
export function relatesTo({ header }: Envelope): string | undefined {
  return child(header, 'RelatesTo')?.text.trim();
}

function itemsOf(content: XmlElement | undefined, name: PageName): readonly XmlElement[] | undefined {
  if (content?.name !== name) return undefined;
  return content.children.filter((each) => each.name === 'Items').flatMap((each) => each.children);
}

function contextOf(content: XmlElement | undefined): string | undefined {
  if (child(content, 'EndOfSequence') !== undefined) return undefined;
  const context = child(content, 'EnumerationContext')?.text.trim() ?? '';
  return context === '' ? undefined : detached(context);
}

/**
 * An event as an element, or as the text of one; a text that is not sound goes on as it is, for its reader to refuse and
 * to count. Signs of life and the like are none.
 */
function eventTexts(item: XmlElement): string[] {
  if (item.name !== 'Event') return [];
  if (item.children.length > 0) return [writeXml(item, WINDOWS_EVENT)];
  const text = item.text.trim();
  if (text === '') return [];
  const event = readXml(text);
  return [event.ok ? writeXml(event.value, WINDOWS_EVENT) : detached(text)];
}

function textOf(element: XmlElement, name: string): string {
  return child(element, name)?.text.trim() ?? '';
}
