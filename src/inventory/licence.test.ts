import { describe, expect, it } from 'vitest';
import { seconds } from '../kernel/time.ts';
import { readInventory } from './read-inventory.ts';
import type { InventoryMachine } from './types.ts';

const NOW = seconds(Date.UTC(2026, 10, 28, 12) / 1000);
const ID = '73111121-5638-40F6-BC11-F1D7B0D64300';
const ROW = {
  PSComputerName: 'WS-1',
  ID,
  Name: 'Windows(R), Enterprise edition',
  LicenseStatus: 1,
  GracePeriodRemaining: 251_000,
};

async function read(...rows: readonly object[]) {
  const reading = await readInventory(Buffer.from(JSON.stringify(rows)), { readAt: NOW, now: NOW });
  if (!reading.ok) throw new Error(reading.error.reason);
  return reading.value;
}

async function one(...rows: readonly object[]): Promise<InventoryMachine | undefined> {
  return (await read(...rows)).machines[0];
}

describe('a row of SoftwareLicensingProduct', () => {
  it('has one column for its name', async () => {
    const names = (await read(ROW)).columns.filter(({ role }) => role === 'name');
    expect(names.map(({ column }) => column)).toEqual(['PSComputerName']);
  });

  it('has the product as its name, and minutes', async () => {
    expect(await one({ ...ROW, DiscoveredKeyManagementServiceMachineName: 'KMS01.corp.example.com' })).toMatchObject({
      machine: 'ws-1',
      seen: NOW,
      licences: [
        {
          activationId: ID.toLowerCase(),
          product: 'Windows(R), Enterprise edition',
          status: 'licensed',
          minutesLeft: 251_000,
          discoveredHost: 'kms01.corp.example.com',
          configuredHost: null,
          at: null,
        },
      ],
    });
  });

  it.each([
    [{ ProductKeyChannel: 'Volume:GVLK', VLActivationType: 2 }, 'kms'],
    [{ ProductKeyChannel: 'Volume:GVLK', VLActivationType: 1 }, 'directory'],
    [{ ProductKeyChannel: 'Volume:GVLK', ADActivationObjectName: 'CORP-W11' }, 'directory'],
    [{ ProductKeyType: 'Gvlk' }, 'kms'],
    [{ ProductKeyChannel: 'Volume:MAK', VLActivationType: 0 }, 'mak'],
    [{ ProductKeyType: 'Mak' }, 'mak'],
    [{ Description: 'Windows(R) Operating System, VOLUME_MAK channel' }, 'mak'],
    [{ ProductKeyChannel: 'OEM:DM' }, 'oem'],
    [{ ProductKeyChannel: 'Retail' }, 'retail'],
    [{ Description: 'Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel' }, 'avma'],
    [{ Description: 'Windows Server(R), TIMEBASED_EVAL channel' }, 'evaluation'],
    [{ Description: 'Office 16, TIMEBASED_SUB channel' }, 'subscription'],
    [{ VLActivationType: 2 }, 'kms'],
    [{ ActivationType: 'KMS' }, 'kms'],
    [{ ActivationType: 'MAK' }, 'mak'],
    [{ ActivationType: 'Active Directory' }, 'directory'],
    [{ ProductKeyChannel: 'Volume:CSVLK' }, null],
    [{}, null],
  ])('%j: the way is %s', async (fields, way) => {
    expect((await one({ ...ROW, ...fields }))?.licences[0]?.way).toBe(way);
  });

  it.each([
    ['Licensed', 'licensed'],
    ['Unlicensed', 'unlicensed'],
    ['Notification', 'notification'],
    ['Initial grace period', 'oob_grace'],
    ['Additional grace period', 'oot_grace'],
    ['Non-genuine grace period', 'non_genuine_grace'],
    [5, 'notification'],
    ['strange', null],
  ])('%s is the status %s', async (LicenseStatus, status) => {
    expect((await one({ ...ROW, LicenseStatus }))?.licences[0]?.status).toBe(status);
  });

  it.each([
    [{ ProductKeyChannel: 'Volume:CSVLK' }, true],
    [{ Description: 'Windows Server Operating System, VOLUME_KMS_WS25 channel' }, true],
    [{ Description: 'Windows(R) Operating System, VOLUME_KMSCLIENT channel' }, false],
  ])('%j: the key of a KMS host is %s', async (fields, hostKey) => {
    expect((await one({ ...ROW, ...fields }))?.licences[0]?.hostKey).toBe(hostKey);
  });

  it('that was never installed is left out and counted', async () => {
    const { machines, leftOut } = await read(
      { ...ROW, PartialProductKey: 'AAAAA' },
      { ...ROW, ID: ROW.ID.replace('7', '8'), PartialProductKey: null, LicenseStatus: 0 },
    );
    expect(machines[0]?.licences).toHaveLength(1);
    expect(leftOut).toEqual([{ reason: 'no_product_key', count: 1, examples: ['ws-1'] }]);
  });

  it('without an activation id is refused', async () => {
    const { refusals } = await read({ ...ROW, ID: '' });
    expect(refusals).toMatchObject([{ row: 1, reason: 'it has no activation id' }]);
  });

  it('with a date counts at its own time, and the newest of a product holds', async () => {
    const machine = await one(
      { ...ROW, CollectedAt: '2026-11-20T00:00:00Z', LicenseStatus: 5 },
      { ...ROW, CollectedAt: '2026-11-19T00:00:00Z' },
    );
    const at = seconds(Date.UTC(2026, 10, 20) / 1000);
    expect(machine).toMatchObject({ seen: at, licences: [{ status: 'notification', at }] });
  });
});
