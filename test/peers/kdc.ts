import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { answersTcp } from './answers.ts';
import { startDaemon } from './daemon.ts';
import { peerPath } from './find-peer.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

/** The length of a message that is longer than a KDC takes over TCP; it answers with an error (RFC 4120 7.2.2). */
const TOO_LONG = Buffer.from([0x7f, 0xff, 0xff, 0xff]);

export const REALM = 'TEST.EXAMPLE';

export interface Kdc {
  /** The path of a krb5.conf that knows the realm, for `KRB5_CONFIG`. */
  readonly configuration: string;
  /** Adds a principal with a new random key; again for one that is there. @returns the path of a keytab with that key */
  keytab(principal: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a key distribution centre of MIT Kerberos on loopback, with its own realm. */
export async function startKdc(): Promise<Kdc> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const configuration = await folder.write(
    'krb5.conf',
    [
      '[libdefaults]',
      `default_realm = ${REALM}`,
      'dns_lookup_kdc = false',
      'rdns = false',
      'dns_canonicalize_hostname = false',
      '[realms]',
      `${REALM} = {`,
      `  kdc = 127.0.0.1:${port}`,
      '}',
      '',
    ].join('\n'),
  );
  const profile = await folder.write(
    'kdc.conf',
    [
      '[kdcdefaults]',
      `kdc_listen = 127.0.0.1:${port}`,
      `kdc_tcp_listen = 127.0.0.1:${port}`,
      '[realms]',
      `${REALM} = {`,
      `  database_name = ${folder.path}/principal`,
      `  key_stash_file = ${folder.path}/stash`,
      '}',
      '',
    ].join('\n'),
  );
  const env = { KRB5_CONFIG: configuration, KRB5_KDC_PROFILE: profile };
  const options = { env: { ...process.env, ...env } };
  await run(join(peerPath('kadmin.local'), '../kdb5_util'), ['create', '-s', '-r', REALM, '-P', 'master'], options);
  const kadmin = (query: string) => run(peerPath('kadmin.local'), ['-q', query], options);
  const daemon = await startDaemon({
    command: [peerPath('krb5kdc'), '-n', '-P', join(folder.path, 'kdc.pid')],
    env,
    ready: () => answersTcp(port, TOO_LONG),
  });
  let keytabs = 0;
  return {
    configuration,
    async keytab(principal) {
      keytabs += 1;
      const file = join(folder.path, `${keytabs}.keytab`);
      await kadmin(`addprinc -randkey ${principal}`);
      await kadmin(`ktadd -k ${file} ${principal}`);
      return file;
    },
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}
