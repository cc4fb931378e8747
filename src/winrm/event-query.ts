import { escapeXml } from './escape.ts';
import { detached } from './texts.ts';
import type { EventQuery } from './types.ts';
import { child, readXml, writeXml, type XmlElement } from './xml.ts';

/** One query over several channels: its events come in one stream, with one bookmark. */
export function queryList(queries: readonly EventQuery[]): string {
  const selects = queries.map(
    ({ channel, xpath }) => `<Select Path="${escapeXml(channel)}">${escapeXml(xpath)}</Select>`,
  );
  return `<QueryList><Query Id="0">${selects.join('')}</Query></QueryList>`;
}

/** A place in one log. */
export interface BookmarkPosition {
  readonly channel: string;
  readonly recordId: number;
}

/** The places that a `<BookmarkList>` names; undefined when the text is none. */
export function bookmarkPositions(bookmark: string): readonly BookmarkPosition[] | undefined {
  const list = readXml(bookmark);
  if (!list.ok || list.value.name !== 'BookmarkList') return undefined;
  return list.value.children.flatMap(({ name, attributes }) => {
    const recordId = /^\d{1,15}$/.test(attributes['RecordId'] ?? '') ? Number(attributes['RecordId']) : undefined;
    const channel = attributes['Channel'];
    return name === 'Bookmark' && channel !== undefined && recordId !== undefined ? [{ channel, recordId }] : [];
  });
}

/** The list in a `Bookmark` of a header as text to be kept; undefined when there is none. */
export function bookmarkText(bookmark: XmlElement | undefined): string | undefined {
  const list = child(bookmark, 'BookmarkList') ?? escaped(bookmark);
  return list === undefined ? undefined : detached(writeXml(list));
}

/** A kept bookmark as it goes into a request again: read and written, so that nothing else can come with it. */
export function bookmarkForRequest(text: string): string | undefined {
  const list = readXml(text);
  return list.ok && list.value.name === 'BookmarkList' ? writeXml(list.value) : undefined;
}

/** Some write the list as text of the element. */
function escaped(bookmark: XmlElement | undefined): XmlElement | undefined {
  if (bookmark === undefined || !bookmark.text.includes('<')) return undefined;
  const list = readXml(bookmark.text.trim());
  return list.ok && list.value.name === 'BookmarkList' ? list.value : undefined;
}
