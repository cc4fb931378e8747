import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificate } from '../support/certificates.ts';
import { accepts, startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

/** Ports are fixed, and only root may take them. */
const PORT = 636;
export const PASSWORD = 'Passw0rd.Test';

export interface DomainController {
  /** On loopback, and no other test's. */
  readonly address: string;
  readonly url: string;
  /** The authority of its certificate. */
  readonly caFile: string;
  /** Adds entries in LDIF. */
  add(ldif: string): Promise<void>;
  remove(dn: string): Promise<void>;
  stop(): Promise<void>;
}

/** Provisions its own domain with Samba, and starts its LDAP service alone. */
export async function startDomainController(realm = 'corp.test'): Promise<DomainController> {
  const folder = await temporaryFolder();
  const address = `127.77.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  await makeCertificate(folder, 'ca', { use: 'authority' });
  await makeCertificate(folder, 'dc', { issuer: 'ca', sans: `DNS:dc01.${realm},IP:${address}` });
  const empty = await folder.write('empty.conf', '[global]\n');
  const [label = ''] = realm.split('.');
  await run(peerPath('samba-tool'), [
    ...['domain', 'provision', `--configfile=${empty}`, `--targetdir=${folder.path}/dc`, `--realm=${realm}`],
    ...[`--domain=${label.toUpperCase()}`, '--server-role=dc', '--dns-backend=NONE', `--adminpass=${PASSWORD}`],
    ...['--host-name=dc01', `--host-ip=${address}`, '--option=vfs objects='],
  ]);
  const configuration = await folder.write('smb.conf', configurationOf(folder.path, realm, address));
  await mkdir(join(folder.path, 'dc/ncalrpc'), { recursive: true });
  const daemon = await startDaemon({
    command: [
      peerPath('samba'),
      '--foreground',
      `--configfile=${configuration}`,
      '--debug-stdout',
      '--no-process-group',
    ],
    ready: () => accepts(PORT, address),
  });
  const database = [`--configfile=${configuration}`, '--relax', '-H', join(folder.path, 'dc/private/sam.ldb')];
  let additions = 0;
  return {
    address,
    url: `ldaps://${address}`,
    caFile: join(folder.path, 'ca.pem'),
    async add(ldif) {
      additions += 1;
      await run(peerPath('ldbadd'), [...database, await folder.write(`${additions}.ldif`, ldif)]);
    },
    async remove(dn) {
      await run(join(peerPath('ldbadd'), '../ldbdel'), [...database, dn]);
    },
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}

function configurationOf(folder: string, realm: string, address: string): string {
  const [label = ''] = realm.split('.');
  const settings = {
    realm,
    workgroup: label.toUpperCase(),
    'netbios name': 'DC01',
    'server role': 'active directory domain controller',
    'server services': 'ldap',
    'private dir': `${folder}/dc/private`,
    'state directory': `${folder}/dc/state`,
    'cache directory': `${folder}/dc/cache`,
    'lock directory': `${folder}/dc`,
    'pid directory': `${folder}/dc`,
    'ncalrpc dir': `${folder}/dc/ncalrpc`,
    'log file': `${folder}/dc/log`,
    interfaces: `${address}/8`,
    'bind interfaces only': 'yes',
    'tls enabled': 'yes',
    'tls keyfile': `${folder}/dc.key`,
    'tls certfile': `${folder}/dc.pem`,
    'tls cafile': `${folder}/ca.pem`,
    'ldap server require strong auth': 'yes',
  };
  return ['[global]', ...Object.entries(settings).map(([name, value]) => `  ${name} = ${value}`), ''].join('\n');
}
