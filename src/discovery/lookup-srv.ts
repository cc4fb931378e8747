import { isAddress } from '../kernel/address.ts';
import { type HostName, parseHostName, printable } from '../kernel/host-name.ts';
import { ok } from '../kernel/result.ts';
import { inSeconds, millis } from '../kernel/time.ts';
import { DnsFormatError } from './errors.ts';
import type { LookupOptions } from './exchange.ts';
import { type Found, lookUp } from './lookup.ts';
import type { WireRecord } from './message.ts';
import { decodeAddresses, decodeSrv, type SrvFields } from './record-data.ts';
import type { NameServer, RecordFlaw, SrvAnswer, SrvLookup, SrvRecord } from './types.ts';

/** What KMS clients ask for in their domain. */
const SERVICE = '_vlmcs._tcp';
/** A domain has a handful of KMS hosts: more would be a mistake, or an attack on the store. */
const MAX_RECORDS = 256;
const MAX_FLAW = 400;

/**
 * Asks one server for the SRV records `_vlmcs._tcp` of a domain.
 * Ends within `timeout` times `attempts`; a lookup that the signal ends fails with the reason `other`.
 */
export async function lookupSrv(domain: HostName, server: NameServer, options: LookupOptions): Promise<SrvLookup> {
  const start = options.clock.monotonic();
  const { ignored, result } = await lookUp(server, `${SERVICE}.${domain}`, 'SRV', options);
  const duration = inSeconds(millis(options.clock.monotonic() - start));
  return {
    domain,
    server,
    at: options.clock.now(),
    duration,
    ignored,
    result: result.ok ? ok(readAnswer(result.value)) : result,
  };
}

function readAnswer({ status, records, message }: Found): SrvAnswer {
  const good = new Map<string, SrvRecord>();
  const flaws: RecordFlaw[] = [];
  for (const record of records.slice(0, MAX_RECORDS)) {
    const read = readRecord(message.bytes, record);
    if ('kind' in read) flaws.push(read);
    else if (good.has(describe(read))) flaws.push(flaw('duplicate', `${describe(read)} is in the answer twice`));
    else good.set(describe(read), read);
  }
  if (records.length > MAX_RECORDS) {
    flaws.push(flaw('malformed', `${records.length} records: only the first ${MAX_RECORDS} are used`));
  }
  const usable = [...good.values()];
  const targets = new Set<string>(usable.map(({ target }) => target));
  const additionals = message.additionals.filter(({ name }) => targets.has(name));
  return { status, records: usable, flaws, glue: decodeAddresses(message.bytes, additionals) };
}

function readRecord(bytes: Buffer, record: WireRecord): SrvRecord | RecordFlaw {
  const fields = decode(bytes, record);
  if ('kind' in fields) return fields;
  if (fields.target === '.') {
    return flaw('null_target', `${describe(fields)} means that the service is not offered (RFC 2782)`);
  }
  const target = parseHostName(fields.target);
  if (!target.ok) return flaw('malformed', `${describe(fields)}: ${target.error}`);
  if (isAddress(target.value))
    return flaw('malformed', `${describe(fields)}: its target must be a name, not an address`);
  if (fields.port === 0) return flaw('malformed', `${describe(fields)}: port 0 cannot be connected to`);
  return { ...fields, target: target.value, ttl: record.ttl };
}

function decode(bytes: Buffer, record: WireRecord): SrvFields | RecordFlaw {
  try {
    return decodeSrv(bytes, record);
  } catch (error) {
    if (!(error instanceof DnsFormatError)) throw error;
    return flaw('malformed', `the SRV record at byte ${record.start} of the answer: ${error.message}`);
  }
}

/** A name that is anything but one may have a thousand characters. */
function flaw(kind: RecordFlaw['kind'], text: string): RecordFlaw {
  return { kind, text: printable(text, MAX_FLAW) };
}

/** As a zone file has it: priority, weight, port, target. */
function describe({ priority, weight, port, target }: SrvFields): string {
  return `SRV ${priority} ${weight} ${port} ${target}`;
}
