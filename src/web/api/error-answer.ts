import { z } from 'zod';

/** Error bodies of routes; those of the gate before them are one line of text. */
export const ErrorAnswer = z.strictObject({ error: z.string().describe('A message for people') });
