import { formatDuration } from '../kernel/duration.ts';
import { type NetworkCause, networkCause, networkText } from '../kernel/network-failure.ts';
import type { Millis } from '../kernel/time.ts';
import { counted } from '../kernel/words.ts';
import type { Answer } from './answer.ts';
import type { ExchangeEnd } from './exchange.ts';
import type { ProbeOutcome } from './types.ts';

/** The outcome of one bind to the KMS interface, and in words what the peer did. */
export interface Classification {
  readonly outcome: ProbeOutcome;
  readonly detail: string;
  /** As in `AddressProbe`. */
  readonly isOwnFault?: boolean;
}

/** p_cont_def_result_t (C706 12.6.3.1). */
const ACCEPTANCE = 0;
const USER_REJECTION = 1;
const PROVIDER_REJECTION = 2;

/** p_provider_reason_t (C706 12.6.3.1). */
const ABSTRACT_SYNTAX_NOT_SUPPORTED = 1;
const TRANSFER_SYNTAXES_NOT_SUPPORTED = 2;
const LOCAL_LIMIT_EXCEEDED = 3;

/** p_reject_reason_t (C706 12.6.3.1, MS-RPCE 2.2.2.5), classified; all others are errors. */
const NAK_CLASSES: ReadonlyMap<number, Classification> = new Map([
  [1, { outcome: 'busy', detail: 'refuses the bind: temporary congestion' }],
  [2, { outcome: 'busy', detail: 'refuses the bind: local limit exceeded' }],
  [4, { outcome: 'not_kms', detail: 'an RPC service that does not support version 5.0' }],
  [8, { outcome: 'denied', detail: 'refuses the bind: requires authentication' }],
]);

/** Status codes of C706 appendix E and MS-RPCE 3.1.1.5.5, classified; all others are errors. */
const FAULT_CLASSES: ReadonlyMap<number, Classification> = new Map([
  [0x00000005, { outcome: 'denied', detail: 'refuses the bind: access denied' }],
  [0x1c010003, { outcome: 'not_kms', detail: 'an RPC service without the KMS interface (unknown interface)' }],
  [0x1c010014, { outcome: 'busy', detail: 'refuses the bind: server too busy' }],
]);

/** The causes that are outcomes; all others are errors. */
const CAUSE_OUTCOMES: Readonly<Partial<Record<NetworkCause, ProbeOutcome>>> = {
  refused: 'refused',
  unreachable: 'unreachable',
  network_down: 'unreachable',
  forbidden: 'unreachable',
  no_answer: 'filtered',
};

/** True when the interface is there, but not with the transfer syntax that was offered. */
export function wantsOtherTransferSyntax(answer: Answer): boolean {
  return answer.kind === 'bind_ack' && isRejection(answer.result) && answer.reason === TRANSFER_SYNTAXES_NOT_SUPPORTED;
}

/** What the end of an exchange says about the host; pure. */
export function classify(end: ExchangeEnd, timeout: Millis): Classification {
  switch (end.kind) {
    case 'answer':
      return classifyAnswer(end.answer);
    case 'silent':
      return { outcome: 'silent', detail: `connected, but ${soFar(end.octets)} within ${formatDuration(timeout)}` };
    case 'closed':
      return { outcome: 'closed', detail: `connected, but the peer closed with ${soFar(end.octets)}` };
    case 'no_connection':
      return { outcome: 'filtered', detail: `no answer to the connection attempt within ${formatDuration(timeout)}` };
    case 'failed':
      return noConnection(end.code);
  }
}

function noConnection(code: string): Classification {
  const cause = networkCause(code);
  const outcome = cause === undefined ? undefined : CAUSE_OUTCOMES[cause];
  const isOwnFault = cause === 'process_files' || cause === 'system_files';
  return { outcome: outcome ?? 'error', detail: networkText({ cause, code }), ...(isOwnFault && { isOwnFault }) };
}

function soFar(octets: number): string {
  if (octets === 0) return 'no answer';
  return `only ${counted(octets, 'byte')} of an answer`;
}

function classifyAnswer(answer: Answer): Classification {
  switch (answer.kind) {
    case 'bind_ack':
      return classifyBindAck(answer.result, answer.reason);
    case 'bind_nak':
      return NAK_CLASSES.get(answer.reason) ?? broken(`a bind_nak with reason ${answer.reason}`);
    case 'fault':
      return FAULT_CLASSES.get(answer.status) ?? broken(`a fault with status ${status(answer.status)}`);
    case 'not_rpc':
      return { outcome: 'not_rpc', detail: answer.detail };
    case 'broken':
      return broken(answer.detail);
  }
}

function classifyBindAck(result: number, reason: number): Classification {
  if (result === ACCEPTANCE) return { outcome: 'ok', detail: 'accepts a bind to the KMS interface' };
  if (isRejection(result)) {
    if (reason === ABSTRACT_SYNTAX_NOT_SUPPORTED) {
      return { outcome: 'not_kms', detail: 'an RPC service without the KMS interface' };
    }
    if (reason === TRANSFER_SYNTAXES_NOT_SUPPORTED) {
      return broken('has the KMS interface, but supports neither NDR 2.0 nor NDR64');
    }
    if (reason === LOCAL_LIMIT_EXCEEDED) return { outcome: 'busy', detail: 'refuses the bind: local limit exceeded' };
  }
  return broken(`a bind_ack with result ${result} and reason ${reason}`);
}

/** The rules name the provider; some servers that are not Windows put the same reasons under the user's rejection. */
function isRejection(result: number): boolean {
  return result === PROVIDER_REJECTION || result === USER_REJECTION;
}

function broken(what: string): Classification {
  return { outcome: 'error', detail: `an RPC service with an unexpected answer: ${what}` };
}

function status(code: number): string {
  return `0x${code.toString(16).padStart(8, '0')}`;
}
