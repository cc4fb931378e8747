import type { ProductGroup } from './product-group.ts';

/**
 * Windows clients, which need 25. Windows 10 and 11 share their ids, and so do the LTSC releases from 2019 on.
 * The names are ours. An id in brackets tells two of one name apart.
 */
export const WINDOWS_CLIENTS: readonly ProductGroup[] = [
  {
    class: 'client',
    releases: ['Windows 10', 'Windows 11'],
    source: 'PoShEvents',
    products: {
      'e0c42288-980c-4788-a014-c080d2e1926e': 'Windows 10/11 Education',
      '3c102355-d027-42c6-ad23-2e7ef8a02585': 'Windows 10/11 Education N',
      '73111121-5638-40f6-bc11-f1d7b0d64300': 'Windows 10/11 Enterprise',
      'e272e3e2-732f-4c65-a8f0-484747d0d947': 'Windows 10/11 Enterprise N',
      '2de67392-b7a7-462a-b1ca-108dd189f588': 'Windows 10/11 Pro',
      '3f1afc82-f8ac-4f6c-8005-1d233e606eee': 'Windows 10/11 Pro Education',
      '5300b18c-2e33-4dc2-8291-47ffcec746dd': 'Windows 10/11 Pro Education N',
      'a80b5abf-76ad-428b-b05d-a47d2dffeebf': 'Windows 10/11 Pro N',
      '4b1571d3-bafb-4b40-8087-a961be2caf65': 'Windows 10/11 Pro N for Workstations',
      '82bbc092-bc50-4e16-8e18-b74fc486aec3': 'Windows 10/11 Pro for Workstations',
    },
  },
  {
    class: 'client',
    releases: ['Windows 10', 'Windows 11'],
    kind: 'home',
    source: 'PoShEvents',
    products: {
      '58e97c99-f377-4ef1-81d5-4ad5522b5fd8': 'Windows 10/11 Home',
      'a9107544-f4a0-4053-a96a-1479abdef912': 'Windows 10/11 Home Country Specific',
      '7b9e1751-a8da-4f75-9560-5fadfe3d8e38': 'Windows 10/11 Home N',
      'cd918a57-a41b-4c82-8dce-1a538e221a83': 'Windows 10/11 Home Single Language',
    },
  },
  {
    class: 'client',
    releases: ['Windows 10', 'Windows 11'],
    kind: 'azure',
    source: 'PoShEvents',
    products: {
      'ec868e65-fadf-4759-b23e-93fe37f2cc29': 'Windows 10/11 Enterprise multi-session',
    },
  },
  {
    class: 'client',
    releases: ['Windows 10'],
    kind: 'azure',
    source: 'PoShEvents',
    products: {
      'e4db50ea-bda1-4566-b047-0ca50abc6f07': 'Windows 10 Enterprise multi-session, versions 1709 and 1803',
    },
  },
  {
    class: 'client',
    releases: ['Windows 10 Enterprise G'],
    source: 'PoShEvents',
    products: {
      'e0b2d383-d112-413f-8a80-97f373a5820c': 'Windows 10/11 Enterprise G',
      'e38454fb-41a4-4f59-a5dc-25080e354730': 'Windows 10/11 Enterprise G N',
    },
  },
  {
    class: 'client',
    releases: ['Windows 10 LTSC 2019', 'Windows 10 LTSC 2021', 'Windows 11 LTSC 2024'],
    source: 'PoShEvents',
    products: {
      '32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee': 'Windows 10/11 Enterprise LTSC 2019/2021/2024',
      '7103a333-b8c8-49cc-93ce-d37c09687f92': 'Windows 10/11 Enterprise N LTSC 2019/2021/2024',
    },
  },
  {
    class: 'client',
    releases: ['Windows 10 IoT Enterprise LTSC 2021', 'Windows 11 IoT Enterprise LTSC 2024'],
    source: 'setup key lists',
    products: {
      '59eb965c-9150-42b7-a0ec-22151b9897c5': 'Windows 10/11 IoT Enterprise LTSC 2021/2024',
    },
  },
  {
    class: 'client',
    releases: ['Windows 10 2016 LTSB'],
    source: 'PoShEvents',
    products: {
      '2d5a5a60-3040-48bf-beb0-fcd770c20ce0': 'Windows 10 Enterprise 2016 LTSB',
      '9f776d83-7156-45b2-8a5c-359b9c9f22a3': 'Windows 10 Enterprise N 2016 LTSB',
    },
  },
  {
    class: 'client',
    releases: ['Windows 10 2015 LTSB'],
    source: 'PoShEvents',
    products: {
      '7b51a46c-0c04-4e8f-9af4-8496cca90d5e': 'Windows 10 Enterprise 2015 LTSB',
      '87b838b7-41b6-4590-8318-5797951d8529': 'Windows 10 Enterprise N 2015 LTSB',
    },
  },
  {
    class: 'client',
    releases: ['Windows 11 SE'],
    source: 'setup key lists',
    products: {
      'ca7df2e3-5ea0-47b8-9ac1-b1be4d8edd69': 'Windows 11 SE',
      'd30136fc-cb4b-416e-a23d-87207abc44a9': 'Windows 11 SE N',
    },
  },
  {
    class: 'client',
    releases: [],
    source: 'setup key lists',
    products: {
      '0df4f814-3f57-4b8b-9a9d-fddadcd69fac': 'Windows 10/11 CloudE',
    },
  },
  {
    class: 'client',
    releases: ['Windows 8.1'],
    source: 'PoShEvents',
    products: {
      '81671aaf-79d1-4eb1-b004-8cbbe173afea': 'Windows 8.1 Enterprise',
      '113e705c-fa49-48a4-beea-7dd879b46b14': 'Windows 8.1 Enterprise N',
      'c06b6981-d7fd-4a35-b7b4-054742b7af67': 'Windows 8.1 Pro',
      '7476d79f-8e48-49b4-ab63-4d0b813a16e4': 'Windows 8.1 Pro N',
    },
  },
  {
    class: 'client',
    releases: ['Windows 8.1'],
    kind: 'home',
    source: 'PoShEvents',
    products: {
      'fe1c3238-432a-43a1-8e25-97e7d1ef10f3': 'Windows 8.1 Core',
      'ffee456a-cd87-4390-8e07-16146c672fd0': 'Windows 8.1 Core ARM',
      'e9942b32-2e55-4197-b0bd-5ff58cba8860': 'Windows 8.1 Core Connected',
      'ba998212-460a-44db-bfb5-71bf09d1c68b': 'Windows 8.1 Core Connected Country Specific',
      'c6ddecd6-2354-4c19-909b-306a3058484e': 'Windows 8.1 Core Connected N',
      'b8f5e3a3-ed33-4608-81e1-37d6c9dcfd9c': 'Windows 8.1 Core Connected Single Language',
      'db78b74f-ef1c-4892-abfe-1e66b8231df6': 'Windows 8.1 Core Country Specific',
      '78558a64-dc19-43fe-a0d0-8075b2a370a3': 'Windows 8.1 Core N',
      'c72c6a1d-f252-4e7e-bdd1-3fca342acb35': 'Windows 8.1 Core Single Language',
    },
  },
  {
    class: 'client',
    releases: ['Windows 8'],
    source: 'PoShEvents',
    products: {
      '458e1bec-837a-45f6-b9d5-925ed5d299de': 'Windows 8 Enterprise',
      'e14997e7-800a-4cf7-ad10-de4b45b578db': 'Windows 8 Enterprise N',
      'a98bcd6d-5343-4603-8afe-5908e4611112': 'Windows 8 Pro',
      'ebf245c1-29a8-4daf-9cb1-38dfc608a8c8': 'Windows 8 Pro N',
    },
  },
  {
    class: 'client',
    releases: ['Windows 8'],
    kind: 'home',
    source: 'PoShEvents',
    products: {
      'c04ed6bf-55c8-4b47-9f8e-5a1f31ceee60': 'Windows 8 Core',
      'af35d7b7-5035-4b63-8972-f0b747b9f4dc': 'Windows 8 Core ARM',
      '9d5584a2-2d85-419a-982c-a00888bb9ddf': 'Windows 8 Core Country Specific',
      '197390a0-65f6-4a95-bdc4-55d58a3b0253': 'Windows 8 Core N',
      '8860fcd4-a77b-4a20-9045-a150ff11d609': 'Windows 8 Core Single Language',
    },
  },
  {
    class: 'client',
    releases: ['Windows 7'],
    source: 'PoShEvents',
    products: {
      'ae2ee509-1b34-41c0-acb7-6d4650168915': 'Windows 7 Enterprise',
      '46bbed08-9c7b-48fc-a614-95250573f4ea': 'Windows 7 Enterprise E',
      '1cb6d605-11b3-4e14-bb30-da91c8e3983a': 'Windows 7 Enterprise N',
      'b92e9980-b9d5-4821-9c94-140f632f6312': 'Windows 7 Professional',
      '5a041529-fef8-4d07-b06f-b59b573b32d2': 'Windows 7 Professional E',
      '54a09a0d-d57b-4c10-8b69-a842d6590ad5': 'Windows 7 Professional N',
    },
  },
  {
    class: 'client',
    releases: ['Windows Vista'],
    source: 'PoShEvents',
    products: {
      '4f3d1606-3fea-4c01-be3c-8d671c401e3b': 'Windows Vista Business',
      '2c682dc2-8b68-4f63-a165-ae291d4cf138': 'Windows Vista Business N',
      'cfd8ff08-c0d7-452b-9f60-ef5c70c32094': 'Windows Vista Enterprise',
      'd4f54950-26f2-4fb4-ba21-ffab16afcade': 'Windows Vista Enterprise N',
    },
  },
  {
    class: 'client',
    releases: ['Windows Embedded 8.1 Industry'],
    source: 'PoShEvents',
    products: {
      'f7e88590-dfc7-4c78-bccb-6f3865b99d1a': 'Windows Embedded 8.1 Industry Automotive',
      'cd4e2d9f-5059-4a50-a92d-05d5bb1267c7': 'Windows Embedded 8.1 Industry Enterprise',
      '0ab82d54-47f4-4acb-818c-cc5bf0ecb649': 'Windows Embedded 8.1 Industry Pro',
    },
  },
  {
    class: 'client',
    releases: ['Windows Embedded POSReady 7'],
    source: 'PoShEvents',
    products: {
      'db537896-376f-48ae-a492-53d0547773d0': 'Windows Embedded POSReady 7',
    },
  },
  {
    class: 'client',
    releases: ['Windows Embedded Standard 7'],
    source: 'setup key lists',
    products: {
      'e1a8296a-db37-44d1-8cce-7bc961d59c54': 'Windows Embedded Standard 7',
    },
  },
  {
    class: 'client',
    releases: [],
    source: 'PoShEvents',
    products: {
      '2b9c337f-7a1d-4271-90a3-c6855a2b8a1c': 'Windows 8 Pre-release',
      '631ead72-a8ab-4df8-bbdf-372029989bdd': 'Windows 8 Pre-release ARM',
      'a00018a3-f20f-4632-bf7c-8daa5351c914': 'Windows 8 Pro with Media Center',
      'e58d87b5-8126-4580-80fb-861b22f79296': 'Windows 8.1 Pro Student',
      'cab491c7-a918-4f60-b502-dab75e334f40': 'Windows 8.1 Pro Student N',
      '096ce63d-4fac-48a9-82a9-61ae9e800e5f': 'Windows 8.1 Pro with Media Center',
      '18db1848-12e0-4167-b9d7-da7fcda507db': 'Windows Embedded 8 Industry Enterprise',
      '10018baf-ce21-4060-80bd-47fe74ed4dab': 'Windows Embedded 8 Industry Pro',
      'aa6dd3aa-c2b4-40e2-a544-a6bbb3f5c395': 'Windows Thin PC',
    },
  },
];
