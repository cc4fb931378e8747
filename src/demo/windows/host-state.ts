import type { Behaviour } from './behaviour.ts';
import type { Enumerations } from './enumerations.ts';
import type { EventLog } from './event-log.ts';
import type { InstanceSource } from './host-instances.ts';
import type { Subscriptions } from './subscriptions.ts';

/** What the answers of a host are made from. */
export interface HostState {
  readonly behaviour: Behaviour;
  readonly enumerations: Enumerations;
  readonly subscriptions: Subscriptions;
  readonly logs: ReadonlyMap<string, EventLog>;
  readonly instances: InstanceSource;
}
