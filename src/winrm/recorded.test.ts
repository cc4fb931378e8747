import { expect, test } from 'vitest';
import { describeWithRecordings, recording } from '../../test/support/recordings.ts';
import { call, winrmBench } from '../../test/support/winrm.ts';
import { readFault, reasonOf } from './fault.ts';
import { wmiDatetime } from './wmi-values.ts';
import { child, readXml } from './xml.ts';

const bench = winrmBench();
const WQL = 'SELECT Name, Size, FreeSpace FROM Win32_LogicalDisk';

describeWithRecordings('recorded answers of real services', () => {
  test('a German Windows: one item first, the rest in the next page, null values', async () => {
    const files = [
      'opennms-optimized-enum-response-with-fragments-1.xml',
      'opennms-optimized-enum-response-with-fragments-2.xml',
    ];
    const { client, double } = await served(files);

    const disks = await client.enumerate({ wql: WQL, ...call() });

    expect(disks).toEqual({
      ok: true,
      value: [
        { Name: 'A:', FreeSpace: null, Size: null },
        { Name: 'C:', FreeSpace: '44395380736', Size: '64412164096' },
        { Name: 'D:', FreeSpace: '30545928192', Size: '64421359616' },
        { Name: 'E:', FreeSpace: null, Size: null },
      ],
    });
    expect(double.requests[1]?.context).toBe('uuid:9BF32A71-F913-4F19-95C9-A642AD4B758F');
  });

  test('an iDRAC: items in one namespace, the end mark in another, with a context beside it', async () => {
    const { client, double } = await served(['opennms-optimized-enum-response.xml']);

    const supplies = await client.enumerate({ wql: WQL, ...call() });

    expect(supplies).toMatchObject({ value: [{ FQDD: 'PSU.Slot.1', TotalOutputPower: '502' }] });
    const [first] = supplies.ok ? supplies.value : [];
    expect(wmiDatetime(first?.['LastSystemInventoryTime'])).toBe(Date.UTC(2011, 1, 25, 13, 48, 48));
    expect(double.requests).toHaveLength(1);
  });

  test('its answer to Pull', async () => {
    const { client } = await served([
      'opennms-optimized-enum-response-with-fragments-1.xml',
      'opennms-pull-response.xml',
    ]);

    expect(await client.enumerate({ wql: WQL, ...call() })).toMatchObject({
      value: [{ Name: 'A:' }, { InstanceID: 'PSU.Slot.1' }],
    });
  });

  test('who an Openwsman is', async () => {
    const { client } = await served(['opennms-identify-response.xml']);

    expect(await client.identify(call())).toEqual({
      ok: true,
      value: {
        protocol: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
        vendor: 'Openwsman Project',
        version: '2.0.0',
        securityProfiles: [],
      },
    });
  });

  test.each([
    [
      'winrb-soap_fault_v1.xml',
      'fault',
      'CannotProcessFilter',
      2150858778,
      'The specified class does not exist in the given namespace.',
    ],
    [
      'winrb-soap_fault_v2.xml',
      'fault',
      'CannotProcessFilter',
      2150858778,
      'The specified class does not exist in the given namespace.',
    ],
    [
      'winrb-soap_fault_omi.xml',
      'fault',
      'InternalError',
      undefined,
      'get-instance: instance name parameter is missing',
    ],
    [
      'winrb-wmi_error_v2.xml',
      'quota',
      'QuotaLimit',
      2150859173,
      'The WS-Management service cannot process the request. This user is allowed a maximum number of 30',
    ],
    [
      'opennms-get-response-fault.xml',
      'fault',
      'DestinationUnreachable',
      2150858752,
      'The WS-Management service cannot process the request. The service cannot find the resource',
    ],
  ])('the fault in %s', async (file, reason, subcode, code, text) => {
    const document = readXml(await recording(file, ''));
    const element = child(document.ok ? child(document.value, 'Body') : undefined, 'Fault');
    if (element === undefined) throw new Error('no fault');

    const fault = readFault(element);

    expect(fault).toMatchObject({
      subcode,
      code,
      text: expect.stringMatching(new RegExp(`^${text.replaceAll('.', '\\.')}`)),
    });
    expect(reasonOf(fault)).toBe(reason);
  });

  test('a fault in the midst of an enumeration', async () => {
    const { client } = await served(['opennms-optimized-enum-response-with-fragments-1.xml', 'winrb-wmi_error_v2.xml']);

    expect(await client.enumerate({ wql: WQL, ...call() })).toMatchObject({
      ok: false,
      error: { reason: 'quota', fault: { code: 2150859173 } },
    });
  });
});

/** A service whose n-th answer is the n-th recording. */
async function served(files: readonly string[]) {
  const texts = await Promise.all(files.map((file) => recording(file, 'uuid:TEMPLATE')));
  let asked = 0;
  return bench.against(({ messageId }) => {
    asked += 1;
    return { body: (texts[asked - 1] ?? '').replace('uuid:TEMPLATE', messageId) };
  });
}
