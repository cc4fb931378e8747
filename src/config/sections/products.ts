import { z } from 'zod';
import { err, ok } from '../../kernel/result.ts';
import { expects, list, section } from '../expect.ts';
import { BESIDE, noRepeats } from '../rules.ts';
import { oneOf, plainText, textCodec } from '../values.ts';

const activationId = textCodec(
  'an activation id (a GUID)',
  (text) =>
    z.guid().safeParse(text).success
      ? ok(text.toLowerCase())
      : err(expects('an activation id such as 2de67392-b7a7-462a-b1ca-108dd189f588')({ input: text })),
  (id) => id,
);

/** Products that the agent's own table does not name yet, or names otherwise. */
export const ProductsSection = list(
  section({
    activation_id: activationId,
    name: plainText('the name of the product', 200),
    class: oneOf(['client', 'server', 'office']),
  }),
  'products',
)
  .superRefine(
    noRepeats('the activation id', (products) =>
      products.map((product, index) => ({ word: product?.activation_id, path: [index, 'activation_id'] })),
    ),
    BESIDE,
  )
  .prefault([]);
