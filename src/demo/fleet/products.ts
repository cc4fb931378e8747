/** What a host counts apart: Windows clients and servers together, Office by itself. */
export type CountPool = 'windows' | 'office';

/** A key of a host: which clients it may activate. */
export interface HostKey {
  readonly id: string;
  readonly pool: CountPool;
  readonly applicationId: string;
  readonly name: string;
  readonly description: string;
}

const WINDOWS = '55c92734-d682-4d71-983e-d6ec3f16059f';
const OFFICE = '0ff1ce15-a989-479d-af46-f275c6370663';

/** The Office ids are Microsoft's own ("Configure a KMS host computer to activate volume licensed versions of Office"). */
export const HOST_KEYS = {
  windows2022: {
    id: '661f7658-7035-4b4c-9f35-010682943ec2',
    pool: 'windows',
    applicationId: WINDOWS,
    name: 'Windows(R), ServerStandard edition',
    description: 'Windows(R) Operating System, VOLUME_KMS_WS22 channel',
  },
  windows2025: {
    id: '84e331f6-4279-48c4-ab10-b75139181351',
    pool: 'windows',
    applicationId: WINDOWS,
    name: 'Windows(R), ServerStandard edition',
    description: 'Windows(R) Operating System, VOLUME_KMS_WS25 channel',
  },
  office2019: {
    id: '70512334-47b4-44db-a233-be5ea33b914c',
    pool: 'office',
    applicationId: OFFICE,
    name: 'Office 19, Office19KMSHostVL_KMS_Host edition',
    description: 'Office 19, VOLUME_KMS channel',
  },
  office2021: {
    id: '47f3b983-7c53-4d45-abc6-bcd91e2dd90a',
    pool: 'office',
    applicationId: OFFICE,
    name: 'Office 21, Office21KMSHostVL_KMS_Host edition',
    description: 'Office 21, VOLUME_KMS channel',
  },
  office2024: {
    id: 'f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f',
    pool: 'office',
    applicationId: OFFICE,
    name: 'Office 24, Office24KMSHostVL_KMS_Host edition',
    description: 'Office 24, VOLUME_KMS channel',
  },
  office2016: {
    id: '98ebfe73-2084-4c97-932c-c0cd1643bea7',
    pool: 'office',
    applicationId: OFFICE,
    name: 'Office 16, OfficeKMSHostVL_KMS_Host edition',
    description: 'Office 16, VOLUME_KMS channel',
  },
} as const satisfies Record<string, HostKey>;

export type HostKeyName = keyof typeof HOST_KEYS;

/** A product as a client asks for it. */
export interface ClientProduct {
  readonly activationId: string;
  /** How many clients it needs. */
  readonly nPolicy: number;
  /** The host key that covers it. */
  readonly key: HostKeyName;
}

export const PRODUCTS = {
  windowsEnterprise: {
    activationId: '73111121-5638-40f6-bc11-f1d7b0d64300',
    nPolicy: 25,
    key: 'windows2022',
  },
  windowsPro: {
    activationId: '2de67392-b7a7-462a-b1ca-108dd189f588',
    nPolicy: 25,
    key: 'windows2022',
  },
  windowsLtsc: {
    activationId: '32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee',
    nPolicy: 25,
    key: 'windows2022',
  },
  /** With the activation id of the older releases. */
  windowsLtsc2024: {
    activationId: '32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee',
    nPolicy: 25,
    key: 'windows2025',
  },
  server2019: {
    activationId: 'de32eafd-aaee-4662-9444-c1befb41bde2',
    nPolicy: 5,
    key: 'windows2022',
  },
  server2022: {
    activationId: 'ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03',
    nPolicy: 5,
    key: 'windows2022',
  },
  office2016: {
    activationId: 'd450596f-894d-49e0-966a-fd39ed4c4c64',
    nPolicy: 5,
    key: 'office2016',
  },
  office2019: {
    activationId: '85dd8b5f-eaa4-4af3-a628-cce9e77c9a03',
    nPolicy: 5,
    key: 'office2019',
  },
  office2021: {
    activationId: 'fbdb3e18-a8ef-4fb3-9183-dffd60bd0984',
    nPolicy: 5,
    key: 'office2021',
  },
  office2024: {
    activationId: '8d368fc1-9470-4be2-8d66-90e836cbb051',
    nPolicy: 5,
    key: 'office2024',
  },
} as const satisfies Record<string, ClientProduct>;

export type ProductName = keyof typeof PRODUCTS;
