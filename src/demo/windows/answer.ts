import { err, ok, type Result } from '../../kernel/result.ts';
import { answerEnumerate, answerPullWql, answerRelease } from './answer-enumeration.ts';
import { answerPullEvents, answerSubscribe, answerUnsubscribe } from './answer-events.ts';
import type { Answer } from './envelope.ts';
import type { FaultName } from './faults.ts';
import type { HostState } from './host-state.ts';
import { identifyResponse } from './identify.ts';
import { EVENT_LOG_RESOURCE, NS } from './namespaces.ts';
import { clampTimeout, type SoapRequest } from './soap-request.ts';

/**
 * What a host says to a message. Only what an account with read access may do is done; all else, shells and methods
 * among it, is refused as such a host refuses it.
 * @param isAuthenticated a caller without credentials gets less
 * @param signal aborts when nobody waits for the answer any more
 */
export async function answerRequest(
  request: SoapRequest,
  host: HostState,
  isAuthenticated: boolean,
  signal: AbortSignal,
): Promise<Result<Answer, FaultName>> {
  switch (request.action) {
    case 'Identify':
      return ok(identifyResponse(isAuthenticated));
    case 'Enumerate':
      return answerEnumerate(request, host);
    case 'Pull':
      return isEventLog(request)
        ? answerPullEvents({ ...request, operationTimeout: clampTimeout(request) }, host, signal)
        : answerPullWql(request, host);
    case 'Release':
      return answerRelease(request, host);
    case 'Subscribe':
      return answerSubscribe(request, host);
    case 'Unsubscribe':
      return answerUnsubscribe(request, host);
    case undefined:
      return err(request.actionUri === `${NS.eventing}/Renew` ? 'unable to renew' : 'access denied');
  }
}

function isEventLog({ resourceUri }: SoapRequest): boolean {
  return resourceUri.toLowerCase() === EVENT_LOG_RESOURCE.toLowerCase();
}
