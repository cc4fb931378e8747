import { NS } from './namespaces.ts';
import type { QName } from './xml-element.ts';

/** What a fault says. */
export interface FaultText {
  readonly side: 'Sender' | 'Receiver';
  readonly subcode: QName;
  /** As Windows numbers it: wsmerror.h of the Windows SDK, or a Win32 code. */
  readonly code: number;
  readonly reason: string;
  /** Who in the service failed, when it was not the service itself. */
  readonly provider?: string;
  /** The last part of a URI under `wsman/faultDetail`. */
  readonly detail?: string;
}

const w = (name: string): QName => ({ ns: NS.wsman, name });
const a = (name: string): QName => ({ ns: NS.addressing, name });
const n = (name: string): QName => ({ ns: NS.enumeration, name });
const e = (name: string): QName => ({ ns: NS.eventing, name });

const WMI = 'WMI Provider';
const EVENT_LOG = 'Event Forwarding Plugin';

/** The faults that a host can answer with. Reasons are in the simulator's own words: Windows translates them anyway. */
export const FAULTS = {
  'access denied': sender(w('AccessDenied'), 5, 'Access is denied.'),
  'action not supported': sender(a('ActionNotSupported'), 2150858753, 'There is no such action.'),
  'resource not found': {
    ...sender(a('DestinationUnreachable'), 2150858752, 'There is no such resource.'),
    detail: 'InvalidResourceURI',
  },
  'invalid header': sender(a('InvalidMessageInformationHeader'), 2150858767, 'A header of the message is not valid.'),
  'header required': sender(a('MessageInformationHeaderRequired'), 2150858769, 'A header of the message is missing.'),
  'locale must be understood': sender(
    w('UnsupportedFeature'),
    2150858887,
    'mustUnderstand on a locale is not supported.',
  ),
  'envelope size too small': {
    ...sender(w('EncodingLimit'), 2150858878, 'The least envelope size is 8192.'),
    detail: 'MinimumEnvelopeLimit',
  },
  'answer too large': {
    ...sender(w('EncodingLimit'), 2150858824, 'The answer is larger than the envelope that was asked for.'),
    detail: 'MaxEnvelopeSizeExceeded',
  },
  'timeout too small': {
    ...sender(w('UnsupportedFeature'), 2150858764, 'OperationTimeout is smaller than the least that is allowed.'),
    detail: 'OperationTimeout',
  },
  'schema violation': sender(w('SchemaValidationError'), 2150858817, 'The message does not match its schema.'),
  'filter not processed': {
    ...sender(n('CannotProcessFilter'), 2150858778, 'The filter is not valid.'),
    provider: WMI,
  },
  'class not found': {
    ...sender(n('CannotProcessFilter'), 2150858778, 'The class does not exist in the namespace.'),
    provider: WMI,
  },
  'enumeration context not found': sender(n('InvalidEnumerationContext'), 2150858779, 'There is no such enumeration.'),
  'last pull failed': receiver(w('InternalError'), 2150858884, 'An earlier pull of this enumeration failed.'),
  'not pulled in time': receiver(w('InternalError'), 2150858762, 'No pull came within the heartbeat.'),
  'wmi access denied': {
    ...receiver(w('InternalError'), 2150859012, 'WMI returned an access denied error.'),
    provider: WMI,
  },
  'pull in progress': sender(w('Concurrency'), 2150858758, 'Another pull of this enumeration is under way.'),
  'timed out': receiver(w('TimedOut'), 2150858793, 'The operation did not end within OperationTimeout.'),
  'quota of operations': receiver(w('QuotaLimit'), 2150859174, 'This user has too many operations under way.'),
  'quota of shells': receiver(w('QuotaLimit'), 2150859173, 'This user has too many shells.'),
  'service busy': receiver(w('QuotaLimit'), 2150858815, 'The service is busy. Try again later.'),
  'internal error': { ...receiver(w('InternalError'), 2150858755, 'The provider failed.'), provider: WMI },
  'invalid selectors': sender(w('InvalidSelectors'), 2150858843, 'The selectors do not fit the resource.'),
  'delivery mode unavailable': sender(
    e('DeliveryModeRequestedUnavailable'),
    2150858782,
    'Only pull delivery is supported.',
  ),
  'event filter refused': {
    ...sender(e('FilteringRequestedUnavailable'), 2150858786, 'The event query is not valid.'),
    provider: EVENT_LOG,
  },
  'channel not found': {
    ...receiver(e('EventSourceUnableToProcess'), 15007, 'The channel could not be found.'),
    provider: EVENT_LOG,
  },
  'invalid bookmark': {
    ...sender(w('InvalidBookmark'), 2150858808, 'The bookmark is expired or damaged.'),
    provider: EVENT_LOG,
  },
  'subscription not found': sender(e('InvalidMessage'), 2150858789, 'There is no such subscription.'),
  'unable to renew': receiver(e('UnableToRenew'), 2150858788, 'Subscribe again.'),
} as const satisfies Readonly<Record<string, FaultText>>;
export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS).filter((name): name is FaultName => name in FAULTS);

function sender(subcode: QName, code: number, reason: string): FaultText {
  return { side: 'Sender', subcode, code, reason };
}

function receiver(subcode: QName, code: number, reason: string): FaultText {
  return { side: 'Receiver', subcode, code, reason };
}
