import { TextDecoder } from 'node:util';
import { parseHostName } from '../kernel/host-name.ts';
import { err, type Result } from '../kernel/result.ts';
import type { Cutter, Piece } from './cutter.ts';
import { EnvelopeCutter } from './envelope-cutter.ts';
import { EvtxReader, FILE_MARK, type Found } from './evtx/evtx-reader.ts';
import type { Fields } from './fields.ts';
import { isEnvelope, mayBeEnvelope, unwrapped } from './forms/envelopes.ts';
import { withMissing } from './forms/missing.ts';
import { formOf } from './forms/table.ts';
import { JsonCutter } from './json-cutter.ts';
import { readEvent } from './read-event.ts';
import { hasRecordLines, mayHaveRecordLines, RecordLines } from './record-lines.ts';
import { hasXmlRecords } from './refusals/first-records.ts';
import { type RefusedForm, refusalOf } from './refusals/refused-form.ts';
import { HEAD_OCTETS, refusedOctets } from './refusals/refused-octets.ts';
import { refusedRecord } from './refusals/refused-records.ts';
import { mayBeRefused, refusedStream } from './refusals/refused-stream.ts';
import { HEAD_CHARACTERS } from './refusals/refused-text.ts';
import { rootOf } from './refusals/refused-xml.ts';
import { damaged, type EventRecord, refusedForm as refused, rejected, type Unusable } from './types.ts';
import { XmlCutter } from './xml-cutter.ts';

/** One record as it was read, or why it was not taken. */
export type Reading = Result<EventRecord, Unusable>;

export interface ReadOptions {
  /** Characters that a record may have. */
  readonly maxRecord?: number;
}

/** Several times what Windows allows a record (64 KiB), for what shippers add. */
const MAX_RECORD = 256 * 1024;

/** A batch of thousands of records in one object. */
const MAX_ENVELOPE = 8 * 2 ** 20;

/**
 * Reads log records out of a stream of octets in any form, told apart by what is in it. Holds no more than one record.
 * The results come in the order of the records: the index of a record is the number of results before it.
 */
export class EventReader {
  readonly #limit: number;
  #head = new Uint8Array();
  #decoder: TextDecoder | undefined;
  /** Of a saved log, which is no text. */
  #log: EvtxReader | undefined;
  #cutter: Cutter | undefined;
  /** Text that does not tell yet what it is the beginning of. */
  #begun = '';
  /** It is in a form that cannot be read, and the sender has heard so. */
  #isRefused = false;
  #readings: Reading[] = [];
  readonly #parseHost = withMemory(parseHostName);

  constructor(options: ReadOptions = {}) {
    this.#limit = options.maxRecord ?? MAX_RECORD;
  }

  /** Takes more octets and gives the records that they complete. */
  push(bytes: Uint8Array): readonly Reading[] {
    if (this.#isRefused) return [];
    if (this.#log !== undefined) this.#log.push(bytes);
    else if (this.#decoder !== undefined) this.#cut(this.#decoder.decode(bytes, { stream: true }));
    else {
      this.#head = this.#head.length === 0 ? Uint8Array.from(bytes) : Buffer.concat([this.#head, bytes]);
      if (this.#head.length >= HEAD_OCTETS) this.#open();
    }
    return this.#drain();
  }

  /** Nothing of it can be read, however much of it follows. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Gives what the end of the stream leaves: half a record is refused. */
  end(): readonly Reading[] {
    if (this.#decoder === undefined && this.#log === undefined && !this.#isRefused) this.#open();
    if (this.#isRefused) return this.#drain();
    if (this.#log !== undefined) this.#log.end();
    else {
      this.#cut(this.#decoder?.decode() ?? '', true);
      this.#cutter?.end(this.#collect);
    }
    return this.#drain();
  }

  #open(): void {
    const head = this.#head;
    this.#head = new Uint8Array();
    if (isLog(head)) {
      this.#log = new EvtxReader(this.#takeFound);
      this.#log.push(head);
      return;
    }
    const form = refusedOctets(head.subarray(0, HEAD_OCTETS));
    if (form === undefined) {
      this.#decoder = new TextDecoder(encodingOf(head));
      this.#cut(this.#decoder.decode(head, { stream: true }));
    } else this.#refuse(form);
  }

  #refuse(form: RefusedForm): void {
    this.#isRefused = true;
    this.#readings.push(err(refused(refusalOf(form))));
  }

  /** @param isAll nothing follows, so that the beginning tells what it can */
  #cut(text: string, isAll = false): void {
    if (this.#cutter !== undefined) {
      this.#cutter.push(text, this.#collect);
      return;
    }
    this.#begun = `${this.#begun}${text}`.trimStart();
    if (this.#begun === '' || (!isAll && isUndecided(this.#begun))) return;
    const begun = this.#begun;
    this.#begun = '';
    const form = refusedStream(begun);
    if (form !== undefined) {
      this.#refuse(form);
      return;
    }
    this.#cutter = cutterFor(begun, this.#limit);
    this.#cutter.push(isWrapper(begun) ? begun.slice(begun.indexOf('[')) : begun, this.#collect);
  }

  readonly #collect = (piece: Piece): void => {
    if ('problem' in piece) this.#readings.push(err((piece.ofForm ? refused : rejected)(piece.problem)));
    else for (const record of unwrapped(piece.record)) this.#readings.push(readRecord(record, this.#parseHost));
  };

  readonly #takeFound = (found: Found): void => {
    this.#readings.push('problem' in found ? err(damaged(found.problem)) : readEvent(found.fields, this.#parseHost));
  };

  #drain(): readonly Reading[] {
    const readings = this.#readings;
    this.#readings = [];
    return readings;
  }
}

/** Reads one record in any form: a JSON object, or `{Event: text}` for an `Event` element. Never throws. */
export function readRecord(record: Fields, parseHost = parseHostName): Reading {
  const form = formOf(record);
  if (form === undefined) return err(refused(refusalOf(refusedRecord(record))));
  const fields = form.read(record);
  const reading = readEvent(fields, parseHost);
  return reading.ok || reading.error.kind === 'ignored' ? reading : err(withMissing(reading.error, form, fields));
}

/** Nearly every record of a stream is from the same host as the one before it. */
function withMemory<T>(parse: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly value: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, value: parse(text) };
    return last.value;
  };
}

function isLog(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, FILE_MARK.length)).toString('latin1') === FILE_MARK;
}

/** Without a mark it is UTF-8. */
function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function isUndecided(text: string): boolean {
  return mayBeWrapper(text) || mayBeEnvelope(text) || mayHaveRecordLines(text) || mayBeRefused(text);
}

function cutterFor(text: string, limit: number): Cutter {
  const head = text.slice(0, HEAD_CHARACTERS);
  if (text.startsWith('<')) return new XmlCutter(limit, rootOf(head));
  if (hasRecordLines(text)) return new RecordLines(limit);
  if (isEnvelope(text)) return new EnvelopeCutter(MAX_ENVELOPE);
  if (isWrapper(text)) return new JsonCutter(limit, 'wrapped');
  // Behind the rest of an event.
  if (hasXmlRecords(head)) return new XmlCutter(limit);
  return new JsonCutter(limit, text.startsWith('[') ? 'array' : 'lines');
}

/** How ConvertTo-Json of Windows PowerShell 5.1 begins some collections: then their records follow, and `,"Count":n}`. */
const WRAPPER = '{"value":[';
/** With the blanks of its pretty-printer, and more. */
const MAX_WRAPPER = 200;

function isWrapper(text: string): boolean {
  return withoutBlanks(text).startsWith(WRAPPER);
}

function mayBeWrapper(text: string): boolean {
  const start = withoutBlanks(text);
  return text.length < MAX_WRAPPER && start.length < WRAPPER.length && WRAPPER.startsWith(start);
}

function withoutBlanks(text: string): string {
  return text.slice(0, MAX_WRAPPER).replace(/\s+/g, '');
}
