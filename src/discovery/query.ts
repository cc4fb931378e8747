import { encode, type OptAnswer, RECURSION_DESIRED } from 'dns-packet';
import { err, ok, type Result } from '../kernel/result.ts';
import { CLASS_IN, EDNS_PAYLOAD, type QueryType, RCODE, TYPE } from './constants.ts';
import { DnsFormatError } from './errors.ts';
import { HEADER_LENGTH, type Header, type Message, readHeader, readMessage, readQuestion } from './message.ts';

/** A question with the id that its answer must have. */
export interface Query {
  /** 0 to 65535, not guessable. */
  readonly id: number;
  /** Of a host or a service. */
  readonly name: string;
  readonly type: QueryType;
}

/** The relation of a packet to a query. */
export type Reply =
  | { readonly kind: 'answer'; readonly message: Message }
  /** An answer that did not fit: to be asked for again over TCP. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'malformed' | 'mismatch'; readonly detail: string };

const OPT: OptAnswer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: EDNS_PAYLOAD,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

/** Rcodes with which a server may leave the question out, having made no sense of it or wanting none of it. */
const WITHOUT_QUESTION: readonly number[] = [RCODE.FORMERR, RCODE.SERVFAIL, RCODE.NOTIMP, RCODE.REFUSED];

/** RFC 1035 2.3.4: the name's length bytes and the root's included. */
const MAX_NAME = 255;
const MAX_LABEL = 63;

/**
 * Writes a query, with EDNS0 or without.
 * @returns the message; or what is wrong with the name. The codec itself would write a longer label as a pointer and
 *   an empty one as the end of the name.
 */
export function encodeQuery(query: Query, edns: boolean): Result<Buffer, string> {
  const labels = query.name.split('.');
  if (labels.some((label) => !/^[\x21-\x7e]+$/.test(label) || label.length > MAX_LABEL)) {
    return err(`'${query.name}' cannot be queried: each label must have 1 to ${MAX_LABEL} ASCII characters`);
  }
  if (query.name.length + 2 > MAX_NAME) return err('the name is too long for a query');
  const questions = [{ name: query.name, type: query.type, class: 'IN' as const }];
  return ok(
    encode({ type: 'query', id: query.id, flags: RECURSION_DESIRED, questions, additionals: edns ? [OPT] : [] }),
  );
}

/**
 * Reads a packet that came while waiting for the answer to a query. Never throws.
 * What does not match the question may be a late answer or a forger's guess (RFC 5452 3): it says nothing.
 */
export function readReply(bytes: Buffer, query: Query): Reply {
  try {
    const header = readHeader(bytes);
    if (!header.response || header.id !== query.id || header.opcode !== 0) {
      return { kind: 'mismatch', detail: 'a packet that does not answer the query' };
    }
    const end = readMatchingQuestion(bytes, header, query);
    if (end === undefined) return { kind: 'mismatch', detail: 'an answer to a different question' };
    // Before the records are read: they may end anywhere.
    if (header.truncated) return { kind: 'truncated' };
    return { kind: 'answer', message: readMessage(bytes, header, end) };
  } catch (error) {
    if (error instanceof DnsFormatError) return { kind: 'malformed', detail: error.message };
    throw error;
  }
}

/** @returns the offset behind the question; undefined when it is not the one that was asked */
function readMatchingQuestion(bytes: Buffer, header: Header, query: Query): number | undefined {
  if (header.questions === 0 && WITHOUT_QUESTION.includes(header.rcode)) return HEADER_LENGTH;
  if (header.questions !== 1) return undefined;
  const question = readQuestion(bytes);
  const same =
    question.name === query.name.toLowerCase() && question.type === TYPE[query.type] && question.class === CLASS_IN;
  return same ? question.end : undefined;
}
