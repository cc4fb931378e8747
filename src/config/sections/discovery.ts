import { isIP } from 'node:net';
import { z } from 'zod';
import { formatHostPort } from '../../kernel/address.ts';
import { type HostName, hostNameOfRecord, printable } from '../../kernel/host-name.ts';
import { err, type Result } from '../../kernel/result.ts';
import { millis, SECOND_MS } from '../../kernel/time.ts';
import { expects, expectsCollection, list, section } from '../expect.ts';
import { BESIDE, noRepeatedItems, noRepeats } from '../rules.ts';
import { duration, endpoint, hostName, parseMeantName, schedule, textCodec, wholeNumber } from '../values.ts';

/** A domain to look up. */
export interface Domain {
  readonly name: HostName;
  /** When set, every record of another host is unexpected, and each of these without a record is missing. */
  readonly expected_hosts?: readonly HostName[] | undefined;
}

/** In place of a domain: all domains of the forest, as the directory names them. */
export const FOREST = 'forest';

const DNS_PORT = 53;

const EXPECTED_DOMAIN = 'a domain name, or a name with its expected_hosts';

const NameOfDomain = textCodec('a domain name', parseDomain, (name) => name);

/** A domain's name: neither the name of its record, nor an address, which has no records of the kind. */
function parseDomain(text: string): Result<HostName, string> {
  const [, domain] = /^(?:_[^.]+\.)+(.+)$/.exec(text) ?? [];
  if (domain !== undefined) return err(`write the domain alone: '${printable(domain)}'`);
  if (/^localhost\.?$/i.test(text)) return err("'localhost' is this machine: expected a domain");
  if (isIP(text) !== 0)
    return err(`'${text}' is an address: expected a domain; name servers go into discovery.servers`);
  return parseMeantName(text);
}

const DomainWithHosts = section({
  name: NameOfDomain,
  expected_hosts: list(hostName(), 'host names').superRefine(noRepeatedItems('the host'), BESIDE).optional(),
});

/** A name alone, or a name with its hosts. */
const DomainEntry = z.codec(
  z.union([NameOfDomain, DomainWithHosts], { error: expects(EXPECTED_DOMAIN) }),
  z.custom<Domain>(),
  {
    decode: (entry) => (typeof entry === 'string' ? { name: entry } : entry),
    encode: ({ name, expected_hosts }) =>
      expected_hosts === undefined ? name : { name, expected_hosts: [...expected_hosts] },
  },
);

const DomainList = list(DomainEntry, 'domains').superRefine(
  noRepeats('the domain', (domains) => domains.map((domain, index) => ({ word: domain?.name, path: [index] }))),
  BESIDE,
);

const ForestAlone = z.codec(z.literal(FOREST), z.custom<readonly Domain[]>(), {
  decode: () => [{ name: hostNameOfRecord(FOREST) }],
  encode: (): typeof FOREST => FOREST,
});

export const DiscoverySection = section({
  /** Undefined: those of the system's search list. An empty list looks nothing up. `forest` may be the only one. */
  domains: z
    .union([DomainList, ForestAlone], { error: expectsCollection(`a list of domains, or ${FOREST}`) })
    .optional(),
  /** Undefined: those of the system. */
  servers: list(endpoint('the address of a name server', DNS_PORT), 'name servers')
    .min(1, { error: 'lists no server; leave the key out to use those of the system' })
    .superRefine(
      noRepeats('the server', (servers) =>
        servers.map((server, index) => ({ word: server && formatHostPort(server.host, server.port), path: [index] })),
      ),
      BESIDE,
    )
    .optional(),
  schedule: schedule().default('*/5 * * * *'),
  /** Milliseconds for one attempt at one server. */
  timeout: duration('50ms', '1m').default(millis(2 * SECOND_MS)),
  attempts: wholeNumber(1, 10).default(2),
}).prefault({});
