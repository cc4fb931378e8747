import type { HostName } from '../../src/kernel/host-name.ts';
import { DAY_S, MINUTE_S, type Seconds, seconds } from '../../src/kernel/time.ts';
import { expiryOf } from '../../src/leases/expiry.ts';
import { foldRequest } from '../../src/leases/fold.ts';
import { isRetrying } from '../../src/leases/retrying.ts';
import { stateOf } from '../../src/leases/state.ts';
import type {
  CountAtTime,
  DuplicateStory,
  FormerName,
  HostStory,
  NewName,
  RequestStory,
  SeenStory,
} from '../../src/leases/story.ts';
import type { Lease, LeaseClass, LeaseRequest } from '../../src/leases/types.ts';
import { DEFAULT_SETTINGS } from '../store/default-settings.ts';
import { hostName } from './host-name.ts';

/** 2026-11-24 03:00 UTC: when an administrator is woken. */
export const NOW = Date.UTC(2026, 10, 24, 3) / 1000;

export const SETTINGS = DEFAULT_SETTINGS.leases;

export interface Product {
  readonly name: string;
  readonly activationId: string;
  readonly cls: LeaseClass;
  readonly nPolicy: number;
}

export const WINDOWS_10: Product = {
  name: 'Windows 10 Enterprise',
  activationId: '73111121-5638-40f6-bc11-f1d7b0d64300',
  cls: 'client',
  nPolicy: 25,
};
export const SERVER: Product = {
  name: 'Windows Server 2022 Datacenter',
  activationId: 'ef6cfc9f-8c5d-44ac-9aad-de6a2ea0ae03',
  cls: 'server',
  nPolicy: 5,
};
export const OFFICE: Product = {
  name: 'Office LTSC 2021 ProPlus',
  activationId: 'fbdb3e18-a8ef-4fb3-9183-dffd60bd0984',
  cls: 'office',
  nPolicy: 5,
};
export const UNKNOWN: Product = {
  name: '11111111-2222-3333-4444-555555555555',
  activationId: '11111111-2222-3333-4444-555555555555',
  cls: 'unknown',
  nPolicy: 5,
};

/** A request that some time ago was made; by default a renewal of a healthy client at kms01. */
export interface Made {
  readonly ago: number;
  readonly product?: Product;
  readonly machine?: string;
  readonly host?: HostName;
  readonly hresult?: number;
  readonly status?: number;
  readonly minutes?: number;
  readonly count?: CountAtTime;
  /** By how many seconds the client's clock is ahead. */
  readonly skew?: number;
  readonly clientId?: string;
}

/** Time left of an activation that was granted this many seconds before, in minutes. */
export function left(granted: number): number {
  return (180 * DAY_S - granted) / MINUTE_S;
}

export interface Scene {
  /** Oldest first. */
  readonly made: readonly Made[];
  readonly hosts?: readonly HostStory[];
  readonly duplicates?: readonly DuplicateStory[];
  readonly formerNames?: readonly FormerName[];
  readonly renamedTo?: NewName;
  readonly retiredAt?: Seconds;
  /** The host's count now; by default its count at each product's last request. */
  readonly countNow?: CountAtTime;
  /** The lease whose place one of Windows 10 has taken. */
  readonly superseded?: Product;
}

export const KMS01 = hostName('kms01.corp.example.com');

export const HEALTHY_HOST: HostStory = {
  host: KMS01,
  read: true,
  firstRecord: seconds(NOW - 300 * DAY_S),
  lastRecord: seconds(NOW - 3 * MINUTE_S),
};

/** Folds the requests by the rules of the leases, so that no story contradicts the rules. */
export function story(scene: Scene): SeenStory {
  const requests = scene.made.map(requestOf);
  const leases = new Map<string, { lease: Lease; product: Product; count: CountAtTime }>();
  for (const { request, count, product } of requests) {
    const key = `${request.clientId}/${request.activationId}`;
    const worth = count.value >= request.nPolicy ? 'enough' : count.known ? 'short' : 'open';
    const lease = foldRequest(leases.get(key)?.lease, request, worth, SETTINGS);
    leases.set(key, { lease, product, count });
  }
  return {
    kind: 'seen',
    machine: requests.at(-1)?.request.machine ?? '',
    formerNames: scene.formerNames ?? [],
    renamedTo: scene.renamedTo,
    leases: [...leases.values()].map(({ lease, product, count }) => leaseStory(lease, product, count, scene)),
    requests: requests.map(storyRequest).reverse(),
    duplicates: scene.duplicates ?? [],
    retiredAt: scene.retiredAt,
    hosts: scene.hosts ?? [HEALTHY_HOST],
  };
}

function storyRequest({ request, count, product }: ReturnType<typeof requestOf>): RequestStory {
  return { request, product: product.name, count: request.pool === undefined ? undefined : count, repeat: false };
}

function requestOf(made: Made, index: number) {
  const product = made.product ?? WINDOWS_10;
  const time = NOW - made.ago;
  const request: LeaseRequest = {
    time: seconds(time),
    host: made.host ?? KMS01,
    log: 'kms',
    recordId: 1000 + index,
    machine: made.machine ?? 'ws-0417.corp.example.com',
    clientId: made.clientId ?? '8d3ed6a5-7be9-4d13-b7cf-0e5c1a3b2f10',
    activationId: product.activationId,
    cls: product.cls,
    pool: product.cls === 'unknown' ? undefined : product.cls === 'office' ? 'office' : 'windows',
    nPolicy: product.nPolicy,
    hresult: made.hresult ?? 0,
    status: made.status ?? 1,
    minutes: made.minutes ?? left(7 * DAY_S),
    virtual: false,
    clientTime: seconds(time - (time % MINUTE_S) + (made.skew ?? 0)),
  };
  return { request, product, count: made.count ?? { value: 40, known: true, isOwn: false } };
}

function leaseStory(lease: Lease, product: Product, count: CountAtTime, scene: Scene) {
  const fate = { retired: scene.retiredAt !== undefined, superseded: scene.superseded === product };
  const state = stateOf(lease, fate, NOW, SETTINGS);
  const newer = scene.made.findLast((made) => (made.product ?? WINDOWS_10) === WINDOWS_10);
  return {
    lease,
    product: product.name,
    state,
    expiry: expiryOf(lease),
    retrying: isRetrying(lease, state, NOW, SETTINGS.activationInterval),
    runStart: lease.runStart,
    interval: SETTINGS.activationInterval,
    lastCount: lease.last.pool === undefined ? undefined : count,
    countNow: lease.last.pool === undefined ? undefined : (scene.countNow ?? count),
    successor:
      fate.superseded && newer
        ? { product: (newer.product ?? WINDOWS_10).name, time: seconds(NOW - newer.ago) }
        : undefined,
  };
}
