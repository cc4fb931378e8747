import { expect, test } from 'vitest';
import { answer, estate, probe } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { snapshotWith } from '../../test/support/snapshot.ts';
import { findingsIn } from '../conditions/catalogue.ts';
import { millis } from '../kernel/time.ts';
import { statusOf } from './check-status.ts';
import { formatTable } from './check-table.ts';

test('a line a host tells what is odd about it, and stays short', () => {
  const watched = estate({
    domains: [
      {
        name: hostName('corp.example'),
        expectedHosts: [hostName('kms01.corp.example'), hostName('kms02.corp.example')],
      },
    ],
    hosts: [{ name: hostName('kms-dmz.example'), aliases: [], port: undefined }],
  });
  watched.recordLookup(answer(0, ['kms01.corp.example', 'kms02.corp.example', 'kms99.corp.example']));
  const partly = probe(0, 'kms01.corp.example');
  const failing = {
    address: '2001:db8::1',
    outcome: 'refused',
    detail: '',
    connect: undefined,
    bind: undefined,
  } as const;
  watched.recordProbe({ ...partly, addresses: [...partly.addresses, failing] });
  watched.recordProbe(probe(0, 'kms02.corp.example', 'filtered'));
  watched.recordProbe(probe(0, 'kms99.corp.example'));
  watched.recordProbe(probe(0, 'kms-dmz.example'));
  const snapshot = watched.snapshot(millis(0));
  const findings = findingsIn(snapshotWith(snapshot));

  const table = formatTable({ estate: snapshot, findings, status: statusOf(snapshot, findings) }, false);

  const hosts = table.slice(0, table.indexOf('\n\n')).split('\n').slice(1);
  expect(hosts.toSorted()).toEqual([
    '\u2713 kms-dmz.example     ok           5.0 ms  not in DNS, expected',
    '\u2713 kms01.corp.example  ok           5.0 ms  in DNS, expected      1 of 2 addresses fails: 2001:db8::1 refused',
    '\u2713 kms99.corp.example  ok           5.0 ms  in DNS, not expected',
    '\u2717 kms02.corp.example  filtered       -     in DNS, expected',
  ]);
});
