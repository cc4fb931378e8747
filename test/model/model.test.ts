import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Composed } from './composed.ts';
import { composedPicture } from './composed-picture.ts';
import { historyArbitrary } from './histories.ts';
import { reference } from './reference.ts';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 500);

test('the rules give what the slow reference gives, whatever the history and the moment', () => {
  fc.assert(
    fc.property(historyArbitrary, ({ world, now }) => {
      const { leases, samples } = composedPicture(new Composed(world), now);
      const expected = reference(world, now);
      expect(leases).toEqual(expected.leases);
      expect(samples).toEqual(expected.samples);
    }),
    { numRuns: RUNS },
  );
});
