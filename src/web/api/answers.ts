import { z } from 'zod';
import { DiscoveryAnswer, HostsAnswer, TargetsAnswer } from './estate-schemas.ts';
import { ListAnswer, MachinesAnswer } from './machine-schemas.ts';
import { MonthAnswer } from './month-schema.ts';
import { ConditionsAnswer, EventsAnswer, ForecastAnswer, KeysAnswer, LeasesAnswer, NoEventsAnswer } from './schemas.ts';

/**
 * The schema of each JSON answer. Routes name theirs, as only the API document needs the schemas themselves: loaded with
 * it, they do not delay the start of the agent.
 */
export const ANSWERS = {
  conditions: ConditionsAnswer,
  discovery: DiscoveryAnswer,
  document: z.looseObject({ openapi: z.literal('3.1.0') }),
  events: EventsAnswer,
  forecast: ForecastAnswer,
  hosts: HostsAnswer,
  keys: KeysAnswer,
  leases: LeasesAnswer,
  list: ListAnswer,
  machines: MachinesAnswer,
  month: MonthAnswer,
  noEvents: NoEventsAnswer,
  targets: TargetsAnswer,
} as const satisfies Record<string, z.ZodType>;

export type AnswerName = keyof typeof ANSWERS;
