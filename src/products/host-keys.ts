import type { KnownClass } from './product-class.ts';
import type { Source } from './sources.ts';

/** What a KMS host itself is activated with, and the class of the newest products that it serves. */
export interface HostKey {
  readonly name: string;
  readonly class: KnownClass;
  readonly source: Source;
}

interface HostKeyGroup {
  readonly class: KnownClass;
  readonly source: Source;
  readonly keys: Readonly<Record<string, string>>;
}

/** `lab`: used inside Microsoft. `Azure only`: on the hosts of Azure. For what each covers see host-key-coverage.ts. */
const GROUPS: readonly HostKeyGroup[] = [
  {
    class: 'client',
    source: 'PoShEvents',
    keys: {
      '0724cb7d-3437-4cb7-93cb-830375d0079d': 'Windows 10 (2015) KMS host key',
      '7a802526-4c94-4bd1-ba14-835a1aca2120': 'Windows 10 (2015) KMS host key (lab)',
      '30a42c86-b7a0-4a34-8c90-ff177cb2acb7': 'Windows 10 (2016) KMS host key',
      'd552befb-48cc-4327-8f39-47d2d94f987c': 'Windows 10 (2016) KMS host key (lab)',
      'ecc0774a-aed3-4e1a-b815-2b31781adfea': 'Windows 10/11 Enterprise G KMS host key',
      'd188820a-cb63-4bad-a9a2-40b843ee23b7': 'Windows 7 KMS host key',
      '24259a22-3bf0-44af-a68b-1b858bce1894': 'Windows 8 KMS host key',
      '044ba67a-4c54-47ee-941a-d6f2efaa6891': 'Windows 8 KMS host key (lab)',
      '29d0b60f-66da-4858-bcaf-9eb513cd310d': 'Windows 8.1 KMS host key',
      '4614b66f-a1d7-441c-9731-23f22d0ff4e5': 'Windows 8.1 KMS host key (lab)',
      '212a64dc-43b1-4d3d-a30c-2fc69d2095c6': 'Windows Vista KMS host key (1 of 2)',
      '4871de8b-3adf-4455-a7d3-fd7b6c01c939': 'Windows Vista KMS host key (2 of 2)',
      'd521c0fd-1732-4c15-8b98-a41b2a95bbc4': 'Windows 10 KMS host key (pre-release)',
      'f9aff482-8e81-47a6-8cf6-74be7649be6f': 'Windows 7 KMS host key (pre-release)',
      '99cb2a2c-f7ee-48e9-98b0-ae72906c6d45': 'Windows 8 KMS host key (pre-release)',
      '666dd2be-3c83-4756-9a1b-8ffb7067c8d9': 'Windows 8.1 Education KMS host key (pre-release)',
      'a40c3047-54c3-4bf9-8f09-fb7146cfcb02': 'Windows 8.1 KMS host key (pre-release)',
      'b8cf7a60-5668-41b0-addd-6de32e69b0c6': 'Windows Vista KMS host key (pre-release)',
    },
  },
  {
    class: 'client',
    source: 'id database',
    keys: {
      '60b3ec1b-9545-4921-821f-311b129dd6f6': 'Windows 10 (2019) KMS host key (lab)',
    },
  },
  {
    class: 'client',
    source: 'pkeyconfig',
    keys: {
      '90da7373-1c51-430b-bf26-c97e9c5cdc31': 'Windows 10 (2019) KMS host key',
    },
  },
  {
    class: 'office',
    source: 'Office KMS host',
    keys: {
      '98ebfe73-2084-4c97-932c-c0cd1643bea7': 'Office 2016 KMS host key',
      '70512334-47b4-44db-a233-be5ea33b914c': 'Office 2019 KMS host key',
      '47f3b983-7c53-4d45-abc6-bcd91e2dd90a': 'Office LTSC 2021 KMS host key',
      'f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f': 'Office LTSC 2024 KMS host key',
    },
  },
  {
    class: 'office',
    source: 'PoShEvents',
    keys: {
      'bfe7a195-4f8f-4f0b-a622-cf13c7d16864': 'Office 2010 KMS host key',
      '2e28138a-847f-42bc-9752-61b03fff33cd': 'Office 2013 KMS host key',
      '1114b902-9bfe-4a7c-ba7c-1a7db3669d67': 'Office 2016 KMS host key (pre-release)',
    },
  },
  {
    class: 'server',
    source: 'PoShEvents',
    keys: {
      'c90d1b4e-8aa8-439e-8b9e-b6d6b6a6d975': 'Windows Server 2008 Datacenter and Itanium KMS host key',
      '8fe15d04-fc66-40e6-bf34-942481e06fd8': 'Windows Server 2008 R2 Datacenter and Itanium KMS host key',
      'c99b641f-c4ea-4e63-bec3-5ed2ccd0f357': 'Windows Server 2008 R2 Standard and Enterprise KMS host key',
      'f73d1bcd-0802-47dd-b2d9-81bf2f8c0744': 'Windows Server 2008 R2 Web and HPC KMS host key',
      '56df4151-1f9f-41bf-acaa-2941c071872b': 'Windows Server 2008 Standard and Enterprise KMS host key',
      'c448fa06-49d1-44ec-82bb-0085545c3b51': 'Windows Server 2008 Web and HPC KMS host key',
      '7b37c913-252b-46be-ad80-b2b5ceade8af': 'Windows Server 2012 KMS host key',
      'fe27276b-a5a9-4b4d-88e3-14271beb79be': 'Windows Server 2012 KMS host key (lab)',
      'dcb88f6f-b090-405b-850e-dabcccf3693f': 'Windows Server 2012 R2 KMS host key',
      'acf1b4fd-1c55-4f2d-a60b-415ac958ad88': 'Windows Server 2012 R2 KMS host key (lab)',
      '20e938bb-df44-45ee-bde1-4e4fe7477f37': 'Windows Server 2012 R2 and Windows 10 KMS host key',
      '9e3fde40-d4b3-4c1d-9bde-32735aa19b39': 'Windows Server 2012 R2 and Windows 10 KMS host key (lab)',
      'd6992aac-29e7-452a-bf10-bbfb8ccabe59': 'Windows Server 2016 KMS host key',
      '3c2da9a5-1c6e-45d1-855f-fdbef536676f': 'Windows Server 2016 KMS host key (lab)',
      'f1658734-6bf4-48fe-862b-074740d0e51b': 'Windows Server 2008 Datacenter and Itanium KMS host key (pre-release)',
      'fed62577-3bef-4309-90e8-671abdc076d8':
        'Windows Server 2008 R2 Datacenter and Itanium KMS host key (pre-release)',
      '515ad9e6-67a8-4224-8c68-6d073038d59f':
        'Windows Server 2008 R2 Standard and Enterprise KMS host key (pre-release)',
      '95e4a692-f166-45c5-a7f8-ad76c2c1e6ad': 'Windows Server 2008 R2 Web KMS host key (pre-release)',
      '8f5c1ee4-4a9b-4fe1-96bd-e9290c5e14d4': 'Windows Server 2008 Standard and Enterprise KMS host key (pre-release)',
      '625e13e0-7339-461b-a39b-1f2f0317449b': 'Windows Server 2008 Web and HPC KMS host key (pre-release)',
      'c609957a-dc23-48b3-8c6b-31b303479de2': 'Windows Server 2012 KMS host key (pre-release)',
    },
  },
  {
    class: 'server',
    source: 'pkeyconfig',
    keys: {
      '2e7a9ad1-a849-4b56-babe-17d5a29fe4b4': 'Windows Server 2019 KMS host key',
      '3c006fa7-3b03-45a4-93da-63ddc1bdce11': 'Windows Server 2019 KMS host key (Azure only)',
      '9db83b52-9904-4326-8957-ebe6feedf37c': 'Windows Server 2019 KMS host key (lab)',
      '661f7658-7035-4b4c-9f35-010682943ec2': 'Windows Server 2022 KMS host key',
      'e73aabfa-12bc-4705-b551-2dd076bebc7d': 'Windows Server 2022 KMS host key (Azure only)',
      '22105925-48c3-4ff4-a294-f654bb27e390': 'Windows Server 2022 KMS host key (lab)',
      '84e331f6-4279-48c4-ab10-b75139181351': 'Windows Server 2025 KMS host key',
      '82fcf64d-f9dd-4411-9c79-f2eed16d4eb8': 'Windows Server 2025 KMS host key (Azure only)',
      '6bad0243-1c35-46b2-b8e6-7a853e37413f': 'Windows Server 2025 KMS host key (lab)',
    },
  },
];

/** Host keys by activation id in lower case. */
export const HOST_KEYS: ReadonlyMap<string, HostKey> = new Map(
  GROUPS.flatMap(({ class: cls, source, keys }) =>
    Object.entries(keys).map(([id, name]) => [id, { name, class: cls, source }] as const),
  ),
);
