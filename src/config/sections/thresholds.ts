import { section } from '../expect.ts';
import { wholeNumber } from '../values.ts';

/** Clients that a host must have seen before it activates any, by class. */
export const ThresholdsSection = section({
  client: wholeNumber(1, 1000).default(25),
  server: wholeNumber(1, 1000).default(5),
  office: wholeNumber(1, 1000).default(5),
}).prefault({});

/** A margin over the threshold that is smaller than this is a warning, by class. */
export const WarnMarginsSection = section({
  client: wholeNumber(0, 1000).default(5),
  server: wholeNumber(0, 1000).default(1),
  office: wholeNumber(0, 1000).default(1),
}).prefault({});
