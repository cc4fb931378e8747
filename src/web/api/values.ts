import { z } from 'zod';

export const POOLS = ['windows', 'office'] as const;

export const Time = z.iso.datetime().describe('RFC 3339, UTC');
export const Port = z.int().min(1).max(65535);
export const Seconds = z.number().nullable().describe('Seconds; null if not reached');
export const Count = z.int().min(0);
/** Null: not known, or too old to be believed. */
export const Known = z.boolean().nullable();

export const Reading = z
  .array(z.strictObject({ host: z.string(), until: Time.describe('Event time of its newest record so far') }))
  .describe('Hosts whose history is still coming in: the answer rests on their logs up to there');
