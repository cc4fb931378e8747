import { execFile } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { peerPath } from '../peers/find-peer.ts';
import type { TemporaryFolder } from '../peers/temporary-folder.ts';

const run = promisify(execFile);

export interface CertificateOptions {
  /** In the manner of openssl: `DNS:localhost,IP:127.0.0.1`. */
  readonly sans?: string;
  /** The name of an authority that was made before; undefined: signs itself. */
  readonly issuer?: string;
  /** Who it is made for. */
  readonly use?: 'authority' | 'server' | 'client';
  /** It ended yesterday. Only with an issuer. */
  readonly isExpired?: boolean;
}

/** Makes `NAME.pem` and `NAME.key` (P-256) in the folder, replacing any that exist. */
export async function makeCertificate(
  { path }: TemporaryFolder,
  name: string,
  { sans = 'DNS:localhost', issuer, use = 'server', isExpired = false }: CertificateOptions = {},
): Promise<void> {
  const usage = {
    authority: ['-addext', 'keyUsage=critical,keyCertSign'],
    server: ['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth'],
    client: ['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=clientAuth'],
  }[use];
  const request = [
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`],
    ...['-addext', `subjectAltName=${sans}`, ...usage, '-keyout', `${name}.key`],
  ];
  const signer = issuer === undefined ? [] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`];
  const openssl = (...args: readonly string[]) => run(peerPath('openssl'), args, { cwd: path });
  if (!isExpired) {
    await openssl('req', '-x509', '-days', '30', ...request, '-out', `${name}.pem`, ...signer);
    return;
  }
  // `req` signs nothing that has ended already.
  await openssl('req', '-new', ...request, '-out', `${name}.csr`);
  const ended = ['-days', '-1', '-copy_extensions', 'copyall', '-set_serial', '7'];
  await openssl('x509', '-req', '-in', `${name}.csr`, ...ended, '-out', `${name}.pem`, ...signer);
}

/** The files for most tests: an authority, its certificates for a server and a client, and one of another authority. */
export async function makeCertificates(folder: TemporaryFolder): Promise<void> {
  await makeCertificate(folder, 'ca', { use: 'authority' });
  await makeCertificate(folder, 'other-ca', { use: 'authority' });
  await makeCertificate(folder, 'server', { issuer: 'ca', sans: 'DNS:localhost,IP:127.0.0.1,IP:::1' });
  await makeCertificate(folder, 'client', {
    issuer: 'ca',
    use: 'client',
    sans: 'DNS:scraper.example,email:ops@example.com,IP:192.0.2.7,URI:spiffe://example/scraper',
  });
  await makeCertificate(folder, 'stranger', { issuer: 'other-ca', use: 'client', sans: 'DNS:scraper.example' });
  await appendFile(join(folder.path, 'server.pem'), await readFile(join(folder.path, 'ca.pem')));
}
