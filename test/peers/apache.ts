import { createHash } from 'node:crypto';
import { chmod, copyFile, readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { makeCertificates } from '../support/certificates.ts';
import { startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { freePort } from './free-port.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

export interface ApacheOptions {
  /** The only user of Basic. */
  readonly basic: { readonly username: string; readonly password: string };
  /** For Negotiate: the keytab of `HTTP/localhost`, and the krb5.conf of its realm. */
  readonly kerberos?: { readonly keytab: string; readonly configuration: string };
}

export interface Apache {
  /** `https://localhost:PORT`; below it `/basic`, `/certificate`, `/negotiate` and `/negotiate-each`. */
  readonly origin: string;
  /** Has `ca.pem`, `client.pem`, `client.key`, `stranger.pem` and `stranger.key`. */
  readonly folder: TemporaryFolder;
  /**
   * The requests of a path so far, a line each: the path, the status and the port of the client, which identifies its
   * connection. A line comes after the answer.
   */
  requests(path: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const MODULES = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'auth_basic',
  'authn_file',
  'alias',
  'env',
  'ssl',
  'cgid',
];

/** Says who it holds the client for, in the words of an answer to Identify. */
const SCRIPT = `#!/bin/sh
cat > /dev/null
printf 'Content-Type: application/soap+xml;charset=UTF-8\\r\\n\\r\\n'
printf '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body><IdentifyResponse>'
printf '<ProductVendor>%s</ProductVendor>' "$REMOTE_USER$SSL_CLIENT_S_DN_CN"
printf '<ProductVersion>%s</ProductVersion></IdentifyResponse></s:Body></s:Envelope>' "$HTTP_AUTHORIZATION"
`;

/** Starts an Apache with TLS on loopback that requires a login, with a separate path for each kind. */
export async function startApache({ basic, kerberos }: ApacheOptions): Promise<Apache> {
  const folder = await temporaryFolder();
  // Its workers run as another user when it is started by root.
  await chmod(folder.path, 0o755);
  await makeCertificates(folder);
  const port = await freePort();
  const hash = createHash('sha1').update(basic.password).digest('base64');
  await folder.write('users', `${basic.username}:{SHA}${hash}\n`);
  await folder.write('answer.sh', SCRIPT, 0o755);
  if (kerberos !== undefined) {
    await folder.write('krb5.conf', await readFile(kerberos.configuration, 'utf8'));
    await copyFile(kerberos.keytab, join(folder.path, 'http.keytab'));
    await chmod(join(folder.path, 'http.keytab'), 0o644);
  }
  const configuration = await folder.write('apache.conf', configure(folder.path, port, kerberos !== undefined));
  const daemon = await startDaemon({
    command: [peerPath('apache2'), '-f', configuration, '-D', 'FOREGROUND'],
    env: { KRB5_CONFIG: join(folder.path, 'krb5.conf') },
    ready: () => answersHttps(port),
  });
  return {
    origin: `https://localhost:${port}`,
    folder,
    requests: async (path) =>
      (await readFile(join(folder.path, 'access.log'), 'utf8'))
        .split('\n')
        .filter((line) => line.startsWith(`${path} `)),
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}

/** Without a login it refuses the request, and so has read its configuration and its users. */
function answersHttps(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${port}/basic`;
    get(url, { rejectUnauthorized: false, timeout: 2_000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 401);
    })
      .once('error', reject)
      .once('timeout', reject);
  });
}

function configure(folder: string, port: number, kerberos: boolean): string {
  const modules = kerberos ? [...MODULES, 'auth_gssapi'] : MODULES;
  const gssapi = (path: string, bound: 'On' | 'Off'): string[] => [
    `<Location /${path}>`,
    '  AuthType GSSAPI',
    '  AuthName kmswatch',
    `  GssapiConnectionBound ${bound}`,
    '  GssapiAllowedMech krb5',
    `  GssapiCredStore keytab:${folder}/http.keytab`,
    '  Require valid-user',
    '</Location>',
  ];
  return [
    `ServerRoot ${folder}`,
    'ServerName localhost',
    `Listen 127.0.0.1:${port}`,
    `PidFile ${folder}/apache.pid`,
    // The streams that Node gives a child are sockets, which cannot be opened by name.
    'ErrorLog "|/bin/cat"',
    ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
    ...(process.getuid?.() === 0 ? ['User www-data', 'Group www-data'] : []),
    `ScriptSock ${folder}/cgi.sock`,
    'StartServers 1',
    'ServerLimit 1',
    'ThreadsPerChild 16',
    'MaxRequestWorkers 16',
    'LogFormat "%U %>s %{remote}p" short',
    `CustomLog ${folder}/access.log short`,
    'SSLEngine on',
    `SSLCertificateFile ${folder}/server.pem`,
    `SSLCertificateKeyFile ${folder}/server.key`,
    `SSLCACertificateFile ${folder}/ca.pem`,
    'KeepAliveTimeout 30',
    ...['basic', 'certificate', 'negotiate', 'negotiate-each'].map(
      (path) => `ScriptAlias /${path} ${folder}/answer.sh`,
    ),
    '<Directory />',
    '  Require all denied',
    '</Directory>',
    '<Files answer.sh>',
    '  CGIPassAuth On',
    '</Files>',
    '<Location /basic>',
    '  AuthType Basic',
    '  AuthName kmswatch',
    `  AuthUserFile ${folder}/users`,
    '  Require valid-user',
    '</Location>',
    '<Location /certificate>',
    '  SSLVerifyClient require',
    '  SSLOptions +StdEnvVars',
    '  Require all granted',
    '</Location>',
    ...(kerberos ? [...gssapi('negotiate', 'On'), ...gssapi('negotiate-each', 'Off')] : []),
    '',
  ].join('\n');
}
