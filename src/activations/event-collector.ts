import type { EventFields } from './fields.ts';

/**
 * Collects the fields of an event from its elements as they come, whatever they were parsed from. The first of each name
 * counts: what comes after is the rendering, in the reader's language.
 */
export class EventCollector {
  readonly #path: string[] = [];
  #content = '';
  #eventId: string | undefined;
  #provider: string | undefined;
  #channel: string | undefined;
  #host: string | undefined;
  #recordId: string | undefined;
  #time: string | undefined;
  #message: string | undefined;
  readonly #data: string[] = [];

  get depth(): number {
    return this.#path.length;
  }

  /** @returns whether its attributes and text matter */
  open(name: string): boolean {
    const parent = this.#path.at(-1);
    this.#path.push(name);
    this.#content = '';
    return parent === 'System' || parent === 'EventData' || parent === 'RenderingInfo';
  }

  attribute(name: string, text: string): void {
    const element = this.#path.at(-1);
    if (element === 'Provider' && name === 'Name') this.#provider ??= text;
    else if (element === 'TimeCreated' && name === 'SystemTime') this.#time ??= inUtc(text);
  }

  text(piece: string): void {
    this.#content += piece;
  }

  close(): void {
    const name = this.#path.pop();
    const parent = this.#path.at(-1);
    if (name === 'Data' && (parent === 'EventData' || parent === undefined)) this.#data.push(this.#content);
    else if (name === 'Message' && parent === 'RenderingInfo') this.#message ??= this.#content;
    else if (parent === 'System') this.#system(name);
    this.#content = '';
  }

  /** @param problem why what was collected is not to be used */
  fields(problem?: string): EventFields {
    return {
      eventId: this.#eventId,
      provider: this.#provider,
      channel: this.#channel,
      host: this.#host,
      recordId: this.#recordId,
      time: this.#time,
      data: this.#data,
      message: this.#message,
      problem,
    };
  }

  #system(name: string | undefined): void {
    if (name === 'EventID') this.#eventId ??= this.#content;
    else if (name === 'EventRecordID') this.#recordId ??= this.#content;
    else if (name === 'Channel') this.#channel ??= this.#content;
    else if (name === 'Computer') this.#host ??= this.#content;
  }
}

/** The attribute is in UTC (the event schema); python-evtx leaves out that it is. */
function inUtc(text: string): string {
  return /^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(text) ? `${text}Z` : text;
}
