import { z } from 'zod';
import { parseMachineName } from '../activations/machine-name.ts';
import { isMonth } from '../kernel/calendar-month.ts';
import { parseHostName } from '../kernel/host-name.ts';
import { VERDICTS } from '../machines/types.ts';
import { LICENSE_STATUSES } from '../products/license-status.ts';
import { INGEST_SOURCES } from '../store/aggregates.ts';
import { LEASE_SORTS } from '../store/queries.ts';
import type { SocketCall } from './socket-protocol.ts';

const UINT32 = z.int().min(0).max(0xffff_ffff);
const SECONDS = z.int();
const TEXT = z.string().max(4000);
const GUID = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const HOST = z.string().refine((text) => isItsOwn(parseHostName, text), 'Invalid host name');
const MACHINE = z.string().refine((text) => isItsOwn(parseMachineName, text), 'Invalid machine name');

const BODY = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('request'),
    hresult: UINT32,
    nPolicy: UINT32,
    machine: MACHINE,
    clientId: GUID,
    clientTime: SECONDS.optional(),
    virtual: z.boolean(),
    status: z.int().min(0).max(6),
    minutes: UINT32,
    activationId: GUID,
  }),
  z.looseObject({ kind: z.literal('service_failure'), failure: z.enum(['init', 'timer']), hresult: UINT32 }),
  z.looseObject({
    kind: z.literal('dns_publish'),
    result: z.enum(['failure', 'success']),
    domain: HOST,
    hresult: UINT32,
  }),
]);

const CLIENT_BODY = z.looseObject({
  kind: z.literal('client'),
  eventId: z.union([z.literal(12288), z.literal(12289), z.literal(12308), z.literal(1003), z.literal(8198)]),
  hresult: UINT32,
  activationId: GUID.nullable(),
  host: MACHINE.nullable(),
  answered: z.boolean().nullable(),
  licences: z.array(z.looseObject({ activationId: GUID, minutes: UINT32 })),
});

const RECORD = z.looseObject({
  host: HOST,
  log: z.enum(['kms', 'application']),
  recordId: z.int().min(0),
  time: SECONDS,
  body: z.union([BODY, CLIENT_BODY]),
});

const COUNT = z.int().min(0);
const NAMES = z.array(TEXT);
const OPTIONAL = TEXT.optional();

const LICENCE = z.looseObject({
  activationId: GUID,
  product: TEXT.nullable(),
  status: z.enum(LICENSE_STATUSES).nullable(),
  minutesLeft: COUNT.nullable(),
  way: TEXT.nullable(),
  hostKey: z.boolean(),
  configuredHost: TEXT.nullable(),
  discoveredHost: TEXT.nullable(),
  at: SECONDS.nullable(),
});
const INVENTORY_MACHINE = z.looseObject({
  machine: MACHINE,
  otherNames: NAMES,
  system: TEXT.nullable(),
  seen: SECONDS.nullable(),
  disabled: z.boolean(),
  licences: z.array(LICENCE),
});

/** What each call may be asked with. Values that only the store can judge, such as a cursor, it refuses itself. */
const ARGUMENTS: Readonly<Record<SocketCall, z.ZodType>> = {
  ingest: z.tuple([
    z.enum(INGEST_SOURCES),
    z.array(RECORD),
    z.looseObject({ ignored: COUNT, rejected: COUNT }).optional(),
  ]),
  takeInventoryPart: z.tuple([
    z.looseObject({
      source: TEXT.min(1),
      readAt: SECONDS,
      machines: z.array(INVENTORY_MACHINE),
      total: COUNT.nullable(),
    }),
  ]),
  leases: z.tuple([
    z.looseObject({
      ...{ client: OPTIONAL, host: OPTIONAL, product: OPTIONAL, cursor: OPTIONAL, state: OPTIONAL, cls: OPTIONAL },
      ...{ sort: z.enum(LEASE_SORTS).optional(), limit: z.int().optional(), within: SECONDS.optional() },
      ...{ silentFor: SECONDS.optional(), reverse: z.boolean().optional() },
      duplicate: z.boolean().optional(),
    }),
  ]),
  explain: z.tuple([TEXT]),
  forecast: z.tuple([z.object({ days: z.int().min(1).max(400), without: TEXT.nullable() })]),
  keys: z.tuple([]),
  machines: z.tuple([
    z.looseObject({
      ...{
        client: OPTIONAL,
        name: OPTIONAL,
        cursor: OPTIONAL,
        verdict: z.enum(VERDICTS).optional(),
        silentFor: SECONDS.optional(),
      },
      ...{ pinned: z.boolean().optional(), limit: z.int().min(1).max(1000).optional() },
    }),
  ]),
  month: z.tuple([z.string().refine(isMonth, 'Invalid month')]),
  reading: z.tuple([]),
  recent: z.tuple([z.int().min(1).max(1000)]),
  retire: z.tuple([NAMES, TEXT]),
  undoRetirement: z.tuple([NAMES, TEXT]),
  planErasure: z.tuple([NAMES]),
  erase: z.tuple([NAMES, TEXT]),
  planRetirement: z.tuple([NAMES, COUNT.nullable()]),
};

/** @returns why a call cannot be asked with these arguments, without their values; undefined if it can be */
export function wrongArguments(call: SocketCall, args: readonly unknown[]): string | undefined {
  const [issue] = ARGUMENTS[call].safeParse(args).error?.issues ?? [];
  return issue && `the arguments ${['', ...issue.path].join('/')} of '${call}': ${issue.message}`;
}

function isItsOwn(parse: typeof parseMachineName, text: string): boolean {
  const parsed = parse(text);
  return parsed.ok && parsed.value === text;
}
