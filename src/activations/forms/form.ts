import type { EventFields, Fields } from '../fields.ts';

/** One way in which a shipper or an export writes log records. */
export interface EventForm {
  /** For samples and tests: lower case, with hyphens. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** The settings that the sender of the records needs. */
  readonly setting: string;
  /** Where the fields are, as the documentation shows it. `i` counts the insertion strings from 0. */
  readonly paths: {
    readonly host: string;
    readonly channel: string;
    readonly eventId: string;
    readonly recordId: string;
    readonly time: string;
    readonly data: string;
  };
  /** True when a parsed record is in this form. Forms are asked in the order of the table. */
  recognises(record: Fields): boolean;
  /** Takes the fields out of a record that it recognises, unchecked. Never throws. */
  read(record: Fields): EventFields;
}
