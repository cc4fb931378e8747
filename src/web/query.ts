import { z } from 'zod';
import { alternatives, found } from '../config/expect.ts';

/** The message about a bad value, after the name of its parameter. */
export function must(be: string) {
  return { error: ({ input }: { readonly input?: unknown }) => `must ${be}, but is ${found(input)}` };
}

export function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, must(`be ${alternatives(words)}`));
}

export function wholeNumber(most: number) {
  const error = must(`be a whole number from 1 to ${most}`);
  return z
    .string(error)
    .regex(/^\d{1,9}$/, error)
    .describe(`A whole number from 1 to ${most}`)
    .transform(Number)
    .pipe(z.int().min(1, error).max(most, error));
}

/** The closed set of a route's parameters. */
export function known<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code, keys = [] }: { code?: string; keys?: string[] }) =>
      code === 'unrecognized_keys'
        ? `unknown parameter ${keys.map(found).join(', ')}; known parameters: ${names}`
        : undefined,
  });
}
