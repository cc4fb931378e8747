import { z } from 'zod';
import { expects, expectsCollection, list, section } from '../expect.ts';
import { BESIDE, exactlyOne, noRepeatedItems } from '../rules.ts';
import { secretText } from '../secrets.ts';
import { filePath, flag, plainText, schedule, url } from '../values.ts';

const shared = {
  /** LDAPS only: a simple bind sends the password as it is. */
  url: url(['ldaps']),
  /** PEM file of the authorities that sign its certificate; undefined: those of Node. */
  ca_file: filePath().optional(),
  schedule: schedule().default('17 4 * * *'),
  machines: flag().default(true),
  domains: flag().default(true),
  activation_objects: flag().default(true),
  /** Names of activation objects; undefined: each is welcome. */
  expected_objects: list(plainText('the name of an activation object', 100), 'activation objects')
    .superRefine(noRepeatedItems('the activation object'), BESIDE)
    .optional(),
};

const Simple = section({
  auth: z.literal('simple'),
  ...shared,
  bind_dn: plainText('a name such as CN=mon,CN=Users,DC=corp,DC=example,DC=com or mon@corp.example.com'),
  password: secretText('a password').optional(),
  password_file: filePath().optional(),
}).superRefine(exactlyOne('password', 'password_file'), BESIDE);

const Certificate = section({
  auth: z.literal('certificate'),
  ...shared,
  cert_file: filePath(),
  key_file: filePath(),
});

const Anonymous = section({ auth: z.literal('anonymous'), ...shared });

/** How the directory is read, and what of it. */
export const DirectorySection = z.discriminatedUnion('auth', [Simple, Certificate, Anonymous], {
  error: (issue) =>
    issue.code === 'invalid_union'
      ? expects('simple, certificate or anonymous')({ input: authOf(issue.input) })
      : expectsCollection('keys and values (url, auth, ...)')(issue),
});

function authOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'auth' in input ? input.auth : undefined;
}
