import { type Child, startChild } from './child.ts';

export const BEHAVIOURS = ['healthy', 'refused', 'silent', 'torn', 'not_rpc'] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

export interface BenchHost {
  readonly address: string;
  readonly port: number;
  readonly behaviour: Behaviour;
}

/** So many loopback addresses with one port, every fifth of them faulty when that is wanted. */
export function makeHosts(count: number, port: number, withFaults: boolean): BenchHost[] {
  return Array.from({ length: count }, (_, index) => ({
    address: `127.1.${Math.floor(index / 200)}.${(index % 200) + 1}`,
    port,
    behaviour: withFaults && index % 5 === 0 ? faultOf(index / 5) : 'healthy',
  }));
}

/** Starts them in a separate process, so that their own cost is not measured. */
export function startHosts(hosts: readonly BenchHost[]): Promise<Child> {
  return startChild('hosts-child.ts', hosts);
}

function faultOf(index: number): Behaviour {
  return BEHAVIOURS[1 + (index % (BEHAVIOURS.length - 1))] ?? 'silent';
}
