import { SaxesParser } from 'saxes';
import { BinaryXml, type EventSink } from '../../../src/activations/evtx/binary-xml.ts';
import { CHUNK, headOf, isEmpty, recordsOf } from '../../../src/activations/evtx/records.ts';
import { Steps, Unreadable } from '../../../src/activations/evtx/steps.ts';

/**
 * Everything in an event, a line each for an element, an attribute and a text, so that two readings of it can be
 * compared. Texts are without the blanks around them.
 */
export class EventLines implements EventSink {
  readonly lines: string[] = [];
  readonly #path: string[] = [];
  #text = '';

  open(name: string): boolean {
    this.#flush();
    this.#path.push(name);
    this.lines.push(this.#path.join('/'));
    return true;
  }

  attribute(name: string, text: string): void {
    this.lines.push(`${this.#path.join('/')}/@${name}: ${text.trim()}`);
  }

  text(text: string): void {
    this.#text += text;
  }

  close(): void {
    this.#flush();
    this.#path.pop();
  }

  #flush(): void {
    const text = this.#text.trim();
    if (text !== '') this.lines.push(`${this.#path.join('/')}: ${text}`);
    this.#text = '';
  }
}

/** The lines of each `Event` in a text, whatever is around them. */
export function linesOfXml(text: string): readonly (readonly string[])[] {
  return text.match(/<Event[ >].*?<\/Event>/gs)?.map(linesOfEvent) ?? [];
}

function linesOfEvent(text: string): readonly string[] {
  const sink = new EventLines();
  const parser = new SaxesParser({ fragment: true, position: false, xmlns: false });
  parser.on('error', (error) => {
    sink.lines.push(`not sound: ${error.message}`);
  });
  parser.on('opentag', (tag) => {
    sink.open(tag.name);
    for (const [name, value] of Object.entries(tag.attributes)) if (value !== '') sink.attribute(name, value);
  });
  parser.on('text', (piece) => sink.text(piece));
  parser.on('closetag', () => sink.close());
  parser.write(text).close();
  return sink.lines;
}

/** The lines of each record of a saved log that can be read. */
export function linesOfLog(log: Buffer): readonly (readonly string[])[] {
  const all: string[][] = [];
  for (let at = 4096; at < log.length; at += CHUNK) all.push(...linesOfChunk(log.subarray(at, at + CHUNK)));
  return all;
}

function linesOfChunk(chunk: Buffer): readonly string[][] {
  if (isEmpty(chunk, 0, chunk.length)) return [];
  const all: string[][] = [];
  const steps = new Steps(chunk.length);
  const xml = new BinaryXml(chunk, steps);
  for (const stretch of recordsOf(chunk, headOf(chunk), steps)) {
    if (stretch.kind === 'damaged') continue;
    const sink = new EventLines();
    try {
      xml.document(...stretch.document, sink);
      all.push(sink.lines);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  }
  return all;
}
