import { expect, test } from 'vitest';
import { networkCause, networkFailure, networkText } from './network-failure.ts';

const withCode = (code: string, options?: ErrorOptions): Error =>
  Object.assign(new Error('hunter2 at host', options), { code });

test.each([
  ['the error itself', withCode('ECONNREFUSED'), 'ECONNREFUSED'],
  ['its cause', new Error('fetch failed', { cause: withCode('ENOTFOUND') }), 'ENOTFOUND'],
  ['one of the addresses', new AggregateError([withCode('E_OWN'), withCode('ETIMEDOUT')]), 'ETIMEDOUT'],
  ['the cause of a code that says nothing', withCode('E_OWN', { cause: withCode('EPIPE') }), 'EPIPE'],
  ['nobody', withCode('E_OWN'), 'E_OWN'],
])('a code is that of %s', (_, error, code) => {
  expect(networkFailure(error)).toEqual({ cause: networkCause(code), code });
});

test('what is no code stays out of the text', () => {
  expect(networkText(networkFailure(withCode('hunter2')))).toBe('the connection failed');
  expect(networkText(networkFailure('hunter2'))).toBe('the connection failed');
});

test.each([
  ['CERT_HAS_EXPIRED', 'tls_expired'],
  ['CERT_CHAIN_TOO_LONG', 'tls_other'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls_client'],
  ['EPROTO', 'tls_other'],
  ['ENOENT', undefined],
])('%s means %s', (code, cause) => {
  expect(networkCause(code)).toBe(cause);
});

test('a text has the code, and a remedy where there is one', () => {
  const failure = networkFailure(withCode('ECONNREFUSED'));

  expect(networkText(failure)).toBe(
    'nothing is listening on the port, or a firewall rejects the connection (ECONNREFUSED)',
  );
  expect(networkText(failure, { refused: 'start it' })).toMatch(/ \(ECONNREFUSED\): start it$/);
  expect(networkText({ cause: 'process_files', code: 'EMFILE' })).toMatch(/: raise its limit \(LimitNOFILE\)$/);
  expect(networkText({ cause: 'system_files', code: 'ENFILE' })).toMatch(
    /raise the limit of the system \(fs.file-max\)$/,
  );
});
