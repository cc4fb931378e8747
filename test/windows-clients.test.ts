import { beforeAll, expect, test } from 'vitest';
import { CLIENT_EVENTS } from '../src/activations/client-layout.ts';
import { readInventory } from '../src/inventory/read-inventory.ts';
import { seconds } from '../src/kernel/time.ts';
import { textOf, WindowsScripts } from './support/windows-scripts.ts';
import { readXml } from './support/xml.ts';

const READ = seconds(Date.UTC(2026, 10, 28, 12) / 1000);

let scripts: WindowsScripts;

beforeAll(async () => {
  scripts = await WindowsScripts.read();
});

test('the subscription of a collector asks for the events of clients that are read, and for no other', () => {
  const subscription = readXml(textOf('windows/client-events.xml'));
  // In the order of Microsoft's example of a source-initiated subscription.
  expect(subscription.children.map(({ name }) => name)).toEqual([
    ...['SubscriptionId', 'SubscriptionType', 'Description', 'Enabled', 'Uri', 'ConfigurationMode', 'Query'],
    ...['ReadExistingEvents', 'TransportName', 'ContentFormat', 'Locale', 'LogFile'],
    ...['AllowedSourceNonDomainComputers', 'AllowedSourceDomainComputers'],
  ]);
  // Without rendered texts, which come in the language of the machine.
  expect(subscription.at('ContentFormat').text).toBe('Events');
  const select = readXml(subscription.at('Query').text.trim()).at('Query', 'Select');
  expect(select.attributes).toEqual({ Path: 'Application' });
  const asked = [...select.text.matchAll(/EventID=(\d+)/g)].map(([, id]) => Number(id));
  expect(asked.toSorted()).toEqual(CLIENT_EVENTS.toSorted());
});

test('the rows that the script collects are read, each with its time, and none of its columns is unknown', async () => {
  const text = textOf('windows/collect-licences.ps1');
  const [, list = ''] = /\$columns = @\(([^)]*)\)/.exec(text) ?? [];
  const columns = [...list.matchAll(/'(\w+)'/g)].map(([, name]) => name);
  expect(scripts.script('windows/collect-licences.ps1').commands).toContain('Get-CimInstance');
  const values = {
    ...{ PSComputerName: 'ws1.corp.test', Collected: '2026-11-28T10:00:00Z', Name: 'Windows(R), Enterprise edition' },
    Description: 'Windows(R) Operating System, VOLUME_KMSCLIENT channel',
    ...{ ID: '2de67392-b7a7-462a-b1ca-108dd189f588', LicenseStatus: 1, GracePeriodRemaining: 250_000 },
    ...{ ProductKeyChannel: 'Volume:GVLK', VLActivationType: 2, KeyManagementServiceMachine: '' },
    DiscoveredKeyManagementServiceMachineName: 'kms01.corp.test',
  };
  expect(Object.keys(values)).toEqual(['PSComputerName', 'Collected', ...columns]);
  const reading = await readInventory(Buffer.from(`${JSON.stringify(values)}\n`), { readAt: READ, now: READ });
  if (!reading.ok) throw new Error(reading.error.reason);
  expect(reading.value.machines).toMatchObject([
    {
      machine: 'ws1.corp.test',
      licences: [
        {
          ...{ activationId: values.ID, status: 'licensed', minutesLeft: 250_000, way: 'kms' },
          ...{ discoveredHost: 'kms01.corp.test', at: READ - 2 * 3600 },
        },
      ],
    },
  ]);
});
