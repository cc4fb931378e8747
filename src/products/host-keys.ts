import type { KnownClass } from './product-class.ts';

/**
 * Activation ids of host keys: what a KMS host itself is activated with, and the class of what it serves. Those of Office
 * 2016 to LTSC 2024 are Microsoft's (Configure a KMS host computer for Office); for the others see windows-clients.ts.
 */
export const HOST_KEYS: ReadonlyMap<string, HostKey> = new Map([
  ['bfe7a195-4f8f-4f0b-a622-cf13c7d16864', { name: 'Office 2010 KMS host key', class: 'office' }],
  ['2e28138a-847f-42bc-9752-61b03fff33cd', { name: 'Office 2013 KMS host key', class: 'office' }],
  ['1114b902-9bfe-4a7c-ba7c-1a7db3669d67', { name: 'Office 2016 KMS host key [1114b902]', class: 'office' }],
  ['98ebfe73-2084-4c97-932c-c0cd1643bea7', { name: 'Office 2016 KMS host key [98ebfe73]', class: 'office' }],
  ['70512334-47b4-44db-a233-be5ea33b914c', { name: 'Office 2019 KMS host key', class: 'office' }],
  ['47f3b983-7c53-4d45-abc6-bcd91e2dd90a', { name: 'Office LTSC 2021 KMS host key', class: 'office' }],
  ['f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f', { name: 'Office LTSC 2024 KMS host key', class: 'office' }],
  ['ecc0774a-aed3-4e1a-b815-2b31781adfea', { name: 'Windows 10/11 Enterprise G KMS host key', class: 'client' }],
  ['7a802526-4c94-4bd1-ba14-835a1aca2120', { name: 'Windows 10/11 KMS host key (lab) [7a802526]', class: 'client' }],
  ['d552befb-48cc-4327-8f39-47d2d94f987c', { name: 'Windows 10/11 KMS host key (lab) [d552befb]', class: 'client' }],
  ['0724cb7d-3437-4cb7-93cb-830375d0079d', { name: 'Windows 10/11 KMS host key [0724cb7d]', class: 'client' }],
  ['30a42c86-b7a0-4a34-8c90-ff177cb2acb7', { name: 'Windows 10/11 KMS host key [30a42c86]', class: 'client' }],
  ['d188820a-cb63-4bad-a9a2-40b843ee23b7', { name: 'Windows 7 KMS host key [d188820a]', class: 'client' }],
  ['f9aff482-8e81-47a6-8cf6-74be7649be6f', { name: 'Windows 7 KMS host key [f9aff482]', class: 'client' }],
  ['044ba67a-4c54-47ee-941a-d6f2efaa6891', { name: 'Windows 8 KMS host key [044ba67a]', class: 'client' }],
  ['24259a22-3bf0-44af-a68b-1b858bce1894', { name: 'Windows 8 KMS host key [24259a22]', class: 'client' }],
  ['29d0b60f-66da-4858-bcaf-9eb513cd310d', { name: 'Windows 8.1 KMS host key', class: 'client' }],
  ['4614b66f-a1d7-441c-9731-23f22d0ff4e5', { name: 'Windows 8.1 KMS host key (lab)', class: 'client' }],
  [
    'c90d1b4e-8aa8-439e-8b9e-b6d6b6a6d975',
    { name: 'Windows Server 2008 Datacenter and Itanium KMS host key', class: 'server' },
  ],
  [
    '8fe15d04-fc66-40e6-bf34-942481e06fd8',
    { name: 'Windows Server 2008 R2 Datacenter and Itanium KMS host key', class: 'server' },
  ],
  [
    'c99b641f-c4ea-4e63-bec3-5ed2ccd0f357',
    { name: 'Windows Server 2008 R2 Standard and Enterprise KMS host key', class: 'server' },
  ],
  [
    'f73d1bcd-0802-47dd-b2d9-81bf2f8c0744',
    { name: 'Windows Server 2008 R2 Web and HPC KMS host key', class: 'server' },
  ],
  [
    '56df4151-1f9f-41bf-acaa-2941c071872b',
    { name: 'Windows Server 2008 Standard and Enterprise KMS host key', class: 'server' },
  ],
  ['c448fa06-49d1-44ec-82bb-0085545c3b51', { name: 'Windows Server 2008 Web and HPC KMS host key', class: 'server' }],
  ['7b37c913-252b-46be-ad80-b2b5ceade8af', { name: 'Windows Server 2012 KMS host key [7b37c913]', class: 'server' }],
  ['fe27276b-a5a9-4b4d-88e3-14271beb79be', { name: 'Windows Server 2012 KMS host key [fe27276b]', class: 'server' }],
  ['dcb88f6f-b090-405b-850e-dabcccf3693f', { name: 'Windows Server 2012 R2 KMS host key', class: 'server' }],
  ['acf1b4fd-1c55-4f2d-a60b-415ac958ad88', { name: 'Windows Server 2012 R2 KMS host key (lab)', class: 'server' }],
  [
    '20e938bb-df44-45ee-bde1-4e4fe7477f37',
    { name: 'Windows Server 2012 R2 and Windows 10 KMS host key', class: 'server' },
  ],
  [
    '9e3fde40-d4b3-4c1d-9bde-32735aa19b39',
    { name: 'Windows Server 2012 R2 and Windows 10 KMS host key (lab)', class: 'server' },
  ],
  ['d6992aac-29e7-452a-bf10-bbfb8ccabe59', { name: 'Windows Server 2016 KMS host key', class: 'server' }],
  ['3c2da9a5-1c6e-45d1-855f-fdbef536676f', { name: 'Windows Server 2016 KMS host key (lab)', class: 'server' }],
  ['212a64dc-43b1-4d3d-a30c-2fc69d2095c6', { name: 'Windows Vista KMS host key [212a64dc]', class: 'client' }],
  ['4871de8b-3adf-4455-a7d3-fd7b6c01c939', { name: 'Windows Vista KMS host key [4871de8b]', class: 'client' }],
  ['b8cf7a60-5668-41b0-addd-6de32e69b0c6', { name: 'Windows Vista KMS host key [b8cf7a60]', class: 'client' }],
  ['d521c0fd-1732-4c15-8b98-a41b2a95bbc4', { name: 'Windows 10 KMS host key (pre-release)', class: 'client' }],
  ['99cb2a2c-f7ee-48e9-98b0-ae72906c6d45', { name: 'Windows 8 KMS host key (pre-release)', class: 'client' }],
  [
    '666dd2be-3c83-4756-9a1b-8ffb7067c8d9',
    { name: 'Windows 8.1 Education KMS host key (pre-release)', class: 'client' },
  ],
  ['a40c3047-54c3-4bf9-8f09-fb7146cfcb02', { name: 'Windows 8.1 KMS host key (pre-release)', class: 'client' }],
  [
    'f1658734-6bf4-48fe-862b-074740d0e51b',
    { name: 'Windows Server 2008 Datacenter and Itanium KMS host key (pre-release)', class: 'server' },
  ],
  [
    'fed62577-3bef-4309-90e8-671abdc076d8',
    { name: 'Windows Server 2008 R2 Datacenter and Itanium KMS host key (pre-release)', class: 'server' },
  ],
  [
    '515ad9e6-67a8-4224-8c68-6d073038d59f',
    { name: 'Windows Server 2008 R2 Standard and Enterprise KMS host key (pre-release)', class: 'server' },
  ],
  [
    '95e4a692-f166-45c5-a7f8-ad76c2c1e6ad',
    { name: 'Windows Server 2008 R2 Web KMS host key (pre-release)', class: 'server' },
  ],
  [
    '8f5c1ee4-4a9b-4fe1-96bd-e9290c5e14d4',
    { name: 'Windows Server 2008 Standard and Enterprise KMS host key (pre-release)', class: 'server' },
  ],
  [
    '625e13e0-7339-461b-a39b-1f2f0317449b',
    { name: 'Windows Server 2008 Web and HPC KMS host key (pre-release)', class: 'server' },
  ],
  ['c609957a-dc23-48b3-8c6b-31b303479de2', { name: 'Windows Server 2012 KMS host key (pre-release)', class: 'server' }],
]);

export interface HostKey {
  readonly name: string;
  readonly class: KnownClass;
}
