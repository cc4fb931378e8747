import type { Seconds } from '../../kernel/time.ts';
import type { VerdictSettings } from '../../machines/types.ts';
import type { ReadContext } from '../reading/read-context.ts';
import type { StoreSettings } from '../settings.ts';

/** The sources of a join. */
export interface JoinContext extends ReadContext {
  readonly now: Seconds;
}

export function verdictSettings({ leases, inventory }: StoreSettings): VerdictSettings {
  return { validity: leases.validity, renewalInterval: leases.renewalInterval, ...inventory };
}
