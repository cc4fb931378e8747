import { z } from 'zod';
import { expects, expectsCollection, section } from '../expect.ts';
import { BESIDE, exactlyOne, refuse } from '../rules.ts';
import { secretText } from '../secrets.ts';
import { filePath, flag, plainText, url } from '../values.ts';

/** HTTPS only: the login, and what the host says, would be anybody's to read and to change. */
const encrypted = (value: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx<unknown>): void => {
  if (typeof value['url'] !== 'string' || !/^http:/i.test(value['url']) || value['insecure'] === true) return;
  refuse(context, ['url'], 'is not encrypted: expected https, or insecure: true for a lab');
};

const connection = {
  /** `http` only with `insecure`. */
  url: url(['https', 'http']),
  /** PEM file of the authorities that sign the host's certificate; undefined: those of Node. */
  ca_file: filePath().optional(),
  /** True, for a lab: every certificate is taken, and plain HTTP. */
  insecure: flag().default(false),
};

const Basic = section({
  auth: z.literal('basic'),
  ...connection,
  username: plainText('a user name'),
  password: secretText('a password').optional(),
  password_file: filePath().optional(),
})
  .superRefine(exactlyOne('password', 'password_file'), BESIDE)
  .superRefine(encrypted, BESIDE);

const Certificate = section({
  auth: z.literal('certificate'),
  ...connection,
  cert_file: filePath(),
  key_file: filePath(),
}).superRefine(encrypted, BESIDE);

const Kerberos = section({
  auth: z.literal('kerberos'),
  ...connection,
  principal: plainText('a Kerberos principal'),
  keytab_file: filePath(),
}).superRefine(encrypted, BESIDE);

/** How a host is reached over WS-Management. */
export const WinrmSection = z.discriminatedUnion('auth', [Basic, Certificate, Kerberos], {
  error: (issue) =>
    issue.code === 'invalid_union'
      ? expects('basic, certificate or kerberos')({ input: authOf(issue.input) })
      : expectsCollection('keys and values (url, auth, ...)')(issue),
});

function authOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'auth' in input ? input.auth : undefined;
}
