import { SaxesParser } from 'saxes';
import type { EventFields } from './fields.ts';

/** The fields of an event while they are collected. */
interface Collected {
  eventId?: string;
  provider?: string;
  channel?: string;
  host?: string;
  recordId?: string;
  time?: string;
  message?: string;
  data: string[];
}

const UNSOUND = 'it is not valid XML';

/** Deeper than any event is. */
const MAX_DEPTH = 32;

/**
 * The fields in a text with an `Event` (http://schemas.microsoft.com/win/2004/08/events/event), or with its `System` or
 * the inside of its `EventData` alone. The parser knows the five entities and character references; a document type, which
 * could define more, is refused. Never throws: what is no sound XML comes with a problem.
 */
export function xmlEventFields(text: unknown): EventFields {
  const collected: Collected = { data: [] };
  const problem = typeof text === 'string' ? collect(text, collected) : UNSOUND;
  return {
    eventId: collected.eventId,
    provider: collected.provider,
    channel: collected.channel,
    host: collected.host,
    recordId: collected.recordId,
    time: collected.time,
    data: collected.data,
    message: collected.message,
    problem,
  };
}

/** @returns what is wrong with the text */
function collect(text: string, into: Collected): string | undefined {
  const parser = new SaxesParser({ fragment: true, position: false, xmlns: false });
  const path: string[] = [];
  let content = '';
  let problem: string | undefined;
  parser.on('error', () => {
    problem ??= UNSOUND;
  });
  parser.on('doctype', () => {
    problem ??= 'a document type definition is not allowed';
  });
  parser.on('opentag', (tag) => {
    const name = tag.name.slice(tag.name.indexOf(':') + 1);
    if (name === 'Provider') into.provider ??= tag.attributes['Name'] ?? '';
    if (name === 'TimeCreated') into.time ??= tag.attributes['SystemTime'] ?? '';
    if (path.length < MAX_DEPTH) path.push(name);
    else problem ??= UNSOUND;
    content = '';
  });
  parser.on('text', (piece) => {
    content += piece;
  });
  parser.on('cdata', (piece) => {
    content += piece;
  });
  parser.on('closetag', () => {
    const name = path.pop() ?? '';
    addContent(path.at(-1) ?? '', name, content, into);
    content = '';
  });
  parser.write(text).close();
  return problem;
}

/** The first of each name counts: what stands further on is the rendering, in the reader's language. */
function addContent(parent: string, name: string, content: string, into: Collected): void {
  if (name === 'Data' && (parent === 'EventData' || parent === '')) into.data.push(content);
  else if (name === 'Message' && parent === 'RenderingInfo') into.message ??= content;
  else if (parent === 'System') addSystemField(name, content, into);
}

function addSystemField(name: string, content: string, into: Collected): void {
  if (name === 'EventID') into.eventId ??= content;
  else if (name === 'EventRecordID') into.recordId ??= content;
  else if (name === 'Channel') into.channel ??= content;
  else if (name === 'Computer') into.host ??= content;
}
