import type { ProductGroup } from './product-group.ts';

/** Windows Server, which needs 5. The names are ours. */
export const WINDOWS_SERVERS: readonly ProductGroup[] = [
  {
    class: 'server',
    releases: ['Windows Server 2025'],
    source: 'PoShEvents',
    products: {
      'c052f164-cdf6-409a-a0cb-853ba0f0f55a': 'Windows Server 2025 Datacenter',
      '7dc26449-db21-4e09-ba37-28f2958506a6': 'Windows Server 2025 Standard',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2022'],
    source: 'PoShEvents',
    products: {
      'ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03': 'Windows Server 2022 Datacenter',
      '9bd77860-9b31-4b7b-96ad-2564017315bf': 'Windows Server 2022 Standard',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2019'],
    source: 'PoShEvents',
    products: {
      '34e1ae55-27f8-4950-8877-7a03be5fb181': 'Windows Server 2019 Datacenter',
      '034d3cbb-5d4b-4245-b3f8-f84571314078': 'Windows Server 2019 Essentials',
      'de32eafd-aaee-4662-9444-c1befb41bde2': 'Windows Server 2019 Standard',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2019'],
    source: 'setup key lists',
    products: {
      '8de8eb62-bbe0-40ac-ac17-f75595071ea3': 'Windows Server 2019 for ARM64',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2016'],
    source: 'PoShEvents',
    products: {
      '7b4433f4-b1e7-4788-895a-c45378d38253': 'Windows Server 2016 Cloud Storage',
      '21c56779-b449-4d20-adfc-eece0e1ad74b': 'Windows Server 2016 Datacenter',
      '2b5a1b0f-a5ab-4c54-ac2f-a6d94824a283': 'Windows Server 2016 Essentials',
      '8c1c5410-9f39-4805-8c9d-63a07706358f': 'Windows Server 2016 Standard',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2012 R2'],
    source: 'PoShEvents',
    products: {
      'b743a2be-68d4-4dd3-af32-92425b7bb623': 'Windows Server 2012 R2 Cloud Storage',
      '00091344-1ea4-4f37-b789-01750ba6988c': 'Windows Server 2012 R2 Datacenter',
      '21db6ba4-9a7b-4a14-9e29-64a60c59301d': 'Windows Server 2012 R2 Essentials',
      'b3ca044e-a358-4d68-9883-aaa2941aca99': 'Windows Server 2012 R2 Standard',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2012'],
    source: 'PoShEvents',
    products: {
      '95fd1c83-7df5-494a-be8b-1300e1c9d1cd': 'Windows MultiPoint Server 2012 Premium',
      '7d5486c7-e120-4771-b7f1-7b56c6d3170c': 'Windows MultiPoint Server 2012 Standard',
      'd3643d60-0c42-412d-a7d6-52e6635327f6': 'Windows Server 2012 Datacenter',
      '8f365ba6-c1b9-4223-98fc-282a0756a3ed': 'Windows Server 2012 Essentials',
      'f0f5ec41-0d55-4732-af02-440a44a3cf0f': 'Windows Server 2012 Standard',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2008 R2 (Datacenter, Itanium)'],
    source: 'PoShEvents',
    products: {
      '7482e61b-c589-4b7f-8ecc-46d455ac3b87': 'Windows Server 2008 R2 Datacenter',
      '8a26851c-1c7e-48d3-a687-fbca9b9ac16b': 'Windows Server 2008 R2 for Itanium-Based Systems',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2008 R2 (Standard, Enterprise)'],
    source: 'PoShEvents',
    products: {
      '620e2b3d-09e7-42fd-802a-17a13652fe7a': 'Windows Server 2008 R2 Enterprise',
      '68531fb9-5511-4989-97be-d11a0f55633f': 'Windows Server 2008 R2 Standard',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2008 R2 (Web, HPC)'],
    source: 'PoShEvents',
    products: {
      'f772515c-0e87-48d5-a676-e6962c3e1195': 'Windows MultiPoint Server 2010',
      'cda18cf3-c196-46ad-b289-60c072869994': 'Windows Server 2008 R2 HPC Edition',
      'a78b8bd9-8017-4df5-b86a-09f756affa7c': 'Windows Server 2008 R2 Web',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2008 (Datacenter, Itanium)'],
    source: 'PoShEvents',
    products: {
      '68b6e220-cf09-466b-92d3-45cd964b9509': 'Windows Server 2008 Datacenter',
      'fd09ef77-5647-4eff-809c-af2b64659a45': 'Windows Server 2008 Datacenter without Hyper-V',
      '01ef176b-3e0d-422a-b4f8-4ea880035e8f': 'Windows Server 2008 for Itanium-Based Systems',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2008 (Standard, Enterprise)'],
    source: 'PoShEvents',
    products: {
      'c1af4d90-d1bc-44ca-85d4-003ba33db3b9': 'Windows Server 2008 Enterprise',
      '8198490a-add0-47b2-b3ba-316b12d647b4': 'Windows Server 2008 Enterprise without Hyper-V',
      'ad2542d4-9154-4c6d-8a44-30f11ee96989': 'Windows Server 2008 Standard',
      '2401e3d0-c50a-4b58-87b2-7e794b7d2607': 'Windows Server 2008 Standard without Hyper-V',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2008 (Web, HPC)'],
    source: 'PoShEvents',
    products: {
      '7afb1156-2c1d-40fc-b260-aab7442b62fe': 'Windows Server 2008 Compute Cluster',
      'ddfa9f7c-f09e-40b9-8c1a-be877a9a7f4b': 'Windows Server 2008 Web',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server, annual channel'],
    source: 'setup key lists',
    products: {
      '39e69c41-42b4-4a0a-abad-8e3c10a797cc': 'Windows Server Datacenter, annual channel of the 2022 generation',
      'f5e9429c-f50b-4b98-b15c-ef92eb5cff39': 'Windows Server Standard, annual channel of the 2022 generation',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server, version 1803'],
    source: 'PoShEvents',
    products: {
      'e49c08e7-da82-42f8-bde2-b570fbcae76c': 'Windows Server Datacenter, version 1803',
      '61c5ef22-f14f-4553-a824-c4b31e84b100': 'Windows Server Standard, version 1803',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server, version 1803'],
    source: 'setup key lists',
    products: {
      '43d9af6e-5e86-4be8-a797-d072a046896c': 'Windows Server for ARM64, version 1803',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server, versions 1809 to 20H2'],
    source: 'PoShEvents',
    products: {
      '90c362e5-0da1-4bfd-b53b-b87d309ade43': 'Windows Server Datacenter, versions 1809 to 20H2',
      '73e3957c-fc0c-400d-9184-5f7b6f2eb409': 'Windows Server Standard, versions 1809 to 20H2',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2025'],
    kind: 'azure',
    source: 'setup key lists',
    products: {
      '45b5aff2-60a0-42f2-bc4b-ec6e5f7b527e': 'Windows Server 2025 Azure Core',
      'c2e946d1-cfa2-4523-8c87-30bc696ee584': 'Windows Server 2025 Datacenter: Azure Edition',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2022'],
    kind: 'azure',
    source: 'setup key lists',
    products: {
      '8c8f0ad3-9a43-4e05-b840-93b8d1475cbc': 'Windows Server 2022 Azure Core',
      '19b5e0fb-4431-46bc-bac1-2f1873e4ae73': 'Windows Server 2022 Datacenter: Azure Edition',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2019'],
    kind: 'azure',
    source: 'setup key lists',
    products: {
      'a99cc1f0-7719-4306-9645-294102fbff95': 'Windows Server 2019 Azure Core',
    },
  },
  {
    class: 'server',
    releases: ['Windows Server 2016'],
    kind: 'azure',
    source: 'PoShEvents',
    products: {
      '3dbf341b-5f6c-4fa7-b936-699dce9e263f': 'Windows Server 2016 Azure Core',
    },
  },
];
