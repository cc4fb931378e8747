import { expect, test } from 'vitest';
import { readClientEvent } from './client-layout.ts';
import type { ClientEvent, ClientEventId } from './types.ts';

const SKU = '68531fb9-5511-4989-97be-d11a0f55633f';
const CMID = '36f27b39-2fd5-440b-be67-a09996d27a38';
const LIST = `1: 0ce7c4c0-0000-4000-8000-000000000001, 1, 0 [(0 [0xC004F014, 0, 0], [(?)(?)(?)(?)(?)(?)(?)(?)])(1 )(2 )]
2: ${SKU}, 1, 1 [(0 [0x00000000, 1, 0], [(?)( 1 0x00000000)(?)( 2 0x00000000 0 0 msft:rm/algorithm/volume/1.0 0x00000000 257872)(?)(?)(?)])(1 )(2 )]
3: 0ce7c4c0-0000-4000-8000-000000000002, 1, 1 [(0 [0x00000000, 1, 0], [( 1 0x00000000 0 0 msft:rm/algorithm/pkey/2005 0x00000000 0)(?)])(1 )(2 )]`;

test.each<[string, ClientEventId, readonly string[], Partial<ClientEvent>]>([
  [
    'asked a host in vain',
    12288,
    [`0xC004F06C, 0x00000000, KMS01.contoso.com:1688, ${CMID}, 2010/09/29 17:52, 0, 2, 41760, ${SKU}, 5`],
    { hresult: 0xc004f06c, host: 'kms01.contoso.com', activationId: SKU },
  ],
  [
    'asked a host, its fields as strings',
    12288,
    ['0x0', '0x8', 'kms01:1688', CMID, '2006/1/14 2:30', '1', '2', '40123', SKU, '25'],
    { hresult: 0, host: 'kms01', activationId: SKU },
  ],
  ['was activated', 12289, ['0x00000000, 0x00000000, 1, 0, 10, 120, 10080, 2012/12/04 07:06'], { answered: true }],
  [
    'was not, as the count is too low',
    12289,
    ['0x0, 0x4000008, 0, 0, 4, 120, 10080, 1/14/2006 2:30'],
    { answered: false },
  ],
  [
    'was activated by the directory',
    12308,
    [SKU.toUpperCase(), 'Windows(R), VOLUME_KMS', 'CN=x'],
    { activationId: SKU },
  ],
  ['says how long it is activated', 1003, ['55c92734', LIST], { licences: [{ activationId: SKU, minutes: 257872 }] }],
  [
    'failed to activate',
    8198,
    ['hr=0xC004F074', `RuleId=${CMID};Action=AutoActivate;SkuId=${SKU};Trigger=NetworkAvailable`],
    { hresult: 0xc004f074, activationId: SKU },
  ],
])('a client %s', (_, id, strings, expected) => {
  expect(readClientEvent(id, strings, '')).toMatchObject({
    ok: true,
    value: { kind: 'client', eventId: id, ...expected },
  });
});

test('what does not fit is refused, and a message does where there are no strings', () => {
  expect(readClientEvent(12288, ['nothing of use'], '').ok).toBe(false);
  expect(readClientEvent(12289, [''], 'Info:\n0x0, 0x0, 1, 0, 10, 120, 10080, 2012/12/04 07:06')).toMatchObject({
    value: { answered: true },
  });
});
