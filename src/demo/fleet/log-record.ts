import { inMillis, type Seconds, seconds } from '../../kernel/time.ts';

/** A record of a KMS host's log in the agent's own form; one line of NDJSON when written as JSON. */
export interface LogRecord {
  readonly host: string;
  readonly channel: 'Key Management Service' | 'Application';
  readonly record_id: number;
  /** RFC 3339 in UTC, whole seconds. */
  readonly time: string;
  readonly event_id: 12290 | 12291 | 12292 | 12293 | 12294;
  /** The insertion strings. */
  readonly data: readonly string[];
}

/** The fields of 12290. */
export interface RequestFields {
  readonly hresult: number;
  readonly nPolicy: number;
  /** As the client calls itself, bare or fully qualified. */
  readonly machine: string;
  readonly clientId: string;
  /** Seconds since the epoch by the client's clock. */
  readonly clientTime: number;
  readonly virtual: boolean;
  /** Before the request, 0 to 6. */
  readonly status: number;
  /** Minutes left of that status. */
  readonly minutes: number;
  readonly activationId: string;
}

/** The ten strings of a 12290: all fields with commas, and then each by itself. */
export function requestData(request: RequestFields): readonly string[] {
  const fields = [
    formatHresult(request.hresult),
    String(request.nPolicy),
    request.machine,
    request.clientId,
    formatClientTime(seconds(request.clientTime)),
    request.virtual ? '1' : '0',
    String(request.status),
    String(request.minutes),
    request.activationId,
  ];
  return [fields.join(','), ...fields];
}

/** As Windows prints it: zero is not padded. */
export function formatHresult(hresult: number): string {
  return `0x${hresult.toString(16).toUpperCase()}`;
}

/** The UTC minute; month and day have no leading zero. */
function formatClientTime(time: Seconds): string {
  const date = new Date(inMillis(time));
  const clock = date.toISOString().slice(11, 16);
  return `${date.getUTCFullYear()}/${date.getUTCMonth() + 1}/${date.getUTCDate()} ${clock}`;
}
