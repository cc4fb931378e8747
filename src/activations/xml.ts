import { SaxesParser } from 'saxes';
import { EventCollector } from './event-collector.ts';
import type { EventFields } from './fields.ts';

const UNSOUND = 'it is not valid XML';

/** Deeper than any event is. */
const MAX_DEPTH = 32;

/**
 * The fields in a text with an `Event` (http://schemas.microsoft.com/win/2004/08/events/event), or with its `System` or
 * the inside of its `EventData` alone. The parser knows the five entities and character references; a document type, which
 * could define more, is refused. Never throws: what is no sound XML comes with a problem.
 */
export function xmlEventFields(text: unknown): EventFields {
  const collector = new EventCollector();
  const problem = typeof text === 'string' ? collect(text, collector) : UNSOUND;
  return collector.fields(problem);
}

/** @returns what is wrong with the text */
function collect(text: string, into: EventCollector): string | undefined {
  const parser = new SaxesParser({ fragment: true, position: false, xmlns: false });
  let problem: string | undefined;
  parser.on('error', () => {
    problem ??= UNSOUND;
  });
  parser.on('doctype', () => {
    problem ??= 'a document type definition is not allowed';
  });
  parser.on('opentag', (tag) => {
    const name = tag.name.slice(tag.name.indexOf(':') + 1);
    into.open(name);
    if (name === 'Provider') into.attribute('Name', tag.attributes['Name'] ?? '');
    if (name === 'TimeCreated') into.attribute('SystemTime', tag.attributes['SystemTime'] ?? '');
    if (into.depth > MAX_DEPTH) problem ??= UNSOUND;
  });
  parser.on('text', (piece) => into.text(piece));
  parser.on('cdata', (piece) => into.text(piece));
  parser.on('closetag', () => into.close());
  parser.write(text).close();
  return problem;
}
