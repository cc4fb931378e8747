import { afterEach, expect, test } from 'vitest';
import { call, winrmBench } from '../../test/support/winrm.ts';
import { startWindowsHost, type WindowsHost } from '../demo/windows/windows-host.ts';
import { ok } from '../kernel/result.ts';
import type { KerberosLogins } from './kerberos-logins.ts';

const bench = winrmBench();
let host: WindowsHost | undefined;

afterEach(() => host?.close());

/** Tickets that any KDC could have given. */
const TICKETS: KerberosLogins = {
  begin: async () => ok({ step: async () => ok({ token: 'dGlja2V0', complete: false }), end: () => {} }),
  close: () => {},
};

test('a host that offers Kerberos and no Negotiate is not taken for one that demands a channel binding', async () => {
  host = await startWindowsHost({ name: 'kms01', authentication: { negotiate: 'kerberos alone' } });
  const auth = { kind: 'kerberos', principal: 'mon@CORP.EXAMPLE.COM', keytabFile: 'mon.keytab' } as const;
  const shared = { ...bench.shared, kerberos: TICKETS };
  const client = bench.client({ url: host.url, auth, insecure: true }, { shared });

  const failed = await client.identify(call());

  const text = failed.ok ? '' : failed.error.text;
  expect(text).toContain('Negotiate is off on the host');
  expect(text).not.toContain('CbtHardeningLevel');
});

test('a question with little time left asks for no less than the host takes', async () => {
  const { client, double } = await bench.against(() => () => {});

  await client.enumerate({ wql: 'SELECT * FROM Win32_OperatingSystem', ...call(450) });

  expect(double.requests.map(({ body }) => /OperationTimeout>([^<]*)</.exec(body)?.[1])).toEqual(['PT0.500S']);
});
