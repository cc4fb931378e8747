import type { Holding } from './can-hold.ts';
import type { KeyPlan } from './key-plan.ts';
import type { RequestKind } from './product-group.ts';

/** What a request of an edition means that no host key of an organisation covers. */
export const REQUEST_KIND_WORDS: Readonly<Record<RequestKind, string>> = {
  home: 'KMS never activates a Home edition: somebody ran an activation script on this machine, or it has the wrong image',
  azure: 'only Azure activates this edition: outside Azure, the machine needs another edition',
};

const REFUSALS: Readonly<Record<Extract<Holding, { answer: 'no' }>['reason'], string>> = {
  azure_edition: 'its Windows is an Azure Edition, which cannot be a KMS host',
  evaluation: 'its Windows is an evaluation, which has to be converted to a full edition first',
  too_old: 'its Windows is too old for this key',
  other_kind: 'this key is for another kind of Windows, client or server',
};

/** Says what a host needs for a product, for example: needs the Office 2019 KMS host key, which its Windows can take. */
export function planWords({ coverage, key, holding }: KeyPlan): string {
  if (coverage === 'yes') return 'covered';
  if (coverage === 'unknown') return 'not known';
  if (key === undefined) return 'not covered by any known key';
  const part = coverage === 'some' ? 'covered for some releases only: for all of them it needs' : 'needs';
  return `${part} the ${key.name}${holdingWords(holding)}`;
}

function holdingWords(holding: Holding): string {
  switch (holding.answer) {
    case 'unknown':
      return '; whether its Windows can take it is not known';
    case 'no':
      return `, but ${REFUSALS[holding.reason]}`;
    case 'yes': {
      const first = [holding.pack && `the ${holding.pack}`, holding.update && `${holding.update} or a later update`];
      const needed = first.filter((item) => item !== undefined && item !== '');
      return needed.length === 0
        ? ', which its Windows can take'
        : `, which its Windows can take after ${needed.join(' and ')}`;
    }
  }
}
