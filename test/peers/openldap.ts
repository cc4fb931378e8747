import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificates } from '../support/certificates.ts';
import { accepts, startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

/** The attributes and classes of Active Directory that tests use, as OpenLDAP writes a schema. */
const SCHEMA = [
  'attributetype ( 1.2.840.113556.1.4.221 NAME "sAMAccountName" EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )',
  'attributetype ( 1.2.840.113556.1.4.619 NAME "dNSHostName" EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )',
  'attributetype ( 1.2.840.113556.1.4.363 NAME "operatingSystem" EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )',
  'attributetype ( 1.2.840.113556.1.4.1696 NAME "lastLogonTimestamp" EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )',
  'attributetype ( 1.2.840.113556.1.4.8 NAME "userAccountControl" EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )',
  'attributetype ( 1.2.840.113556.1.2.28 NAME "dnsRoot" EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )',
  'attributetype ( 1.2.840.113556.1.2.375 NAME "systemFlags" EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )',
  'attributetype ( 1.2.840.113556.1.2.16 NAME "nCName" EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )',
  'attributetype ( 1.2.840.113556.1.4.87 NAME "nETBIOSName" EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )',
  'attributetype ( 1.3.6.1.4.1.55555.1 NAME "defaultNamingContext" SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )',
  'attributetype ( 1.3.6.1.4.1.55555.2 NAME "configurationNamingContext" SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )',
  'objectclass ( 1.2.840.113556.1.3.30 NAME "computer" SUP top STRUCTURAL MUST ( cn $ sAMAccountName ) MAY ( dNSHostName $ operatingSystem $ lastLogonTimestamp $ userAccountControl ) )',
  'objectclass ( 1.2.840.113556.1.3.11 NAME "crossRef" SUP top STRUCTURAL MUST ( cn $ dnsRoot $ systemFlags ) MAY ( nCName $ nETBIOSName ) )',
  'objectclass ( 1.2.840.113556.1.3.23 NAME "container" SUP top STRUCTURAL MUST cn )',
  'objectclass ( 1.3.6.1.4.1.55555.3 NAME "rootDse" SUP top AUXILIARY MAY ( defaultNamingContext $ configurationNamingContext ) )',
].map((line) => line.replaceAll('"', "'"));

export interface OpenLdap {
  readonly url: string;
  /** Files of `makeCertificates`: its authority signs the server and the client. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Starts slapd on loopback with the entries of an Active Directory for `corp.test`: it knows SASL EXTERNAL, and answers anybody. */
export async function startOpenLdap(ldif: string): Promise<OpenLdap> {
  const folder = await temporaryFolder();
  await makeCertificates(folder);
  const port = await freePort();
  await mkdir(join(folder.path, 'data'));
  const schema = await folder.write('ad.schema', `${SCHEMA.join('\n')}\n`);
  const root = await folder.write(
    'root.ldif',
    'dn:\nobjectClass: top\nobjectClass: rootDse\ndefaultNamingContext: DC=corp,DC=test\nconfigurationNamingContext: CN=Configuration,DC=corp,DC=test\n',
  );
  const configuration = await folder.write(
    'slapd.conf',
    [
      'include /etc/ldap/schema/core.schema',
      'include /etc/ldap/schema/cosine.schema',
      `include ${schema}`,
      'modulepath /usr/lib/ldap',
      'moduleload back_mdb',
      `pidfile ${folder.path}/slapd.pid`,
      `rootDSE ${root}`,
      `TLSCACertificateFile ${folder.path}/ca.pem`,
      `TLSCertificateFile ${folder.path}/server.pem`,
      `TLSCertificateKeyFile ${folder.path}/server.key`,
      'TLSVerifyClient try',
      'sizelimit unlimited',
      'database mdb',
      'suffix "DC=corp,DC=test"',
      `directory ${folder.path}/data`,
      'access to * by dn.exact="cn=client" read by * none',
      'database monitor',
      '',
    ].join('\n'),
  );
  const entries = await folder.write('entries.ldif', ldif);
  await run(join(peerPath('slapd'), '../slapadd'), ['-f', configuration, '-b', 'DC=corp,DC=test', '-l', entries]);
  const url = `ldaps://127.0.0.1:${port}`;
  const daemon = await startDaemon({
    command: [peerPath('slapd'), '-d', '0', '-f', configuration, '-h', url],
    ready: () => accepts(port),
  });
  return {
    url,
    folder: folder.path,
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}
