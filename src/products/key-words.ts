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
export function planWords(plan: KeyPlan): string {
  const { coverage, key, holding } = plan;
  if (plan.byLog) return wordsByLog(plan);
  if (coverage === 'yes') return 'covered';
  if (coverage === 'unknown') return 'not known';
  if (key === undefined) return 'not covered by any known key';
  const needs = needWords({ key, holding });
  return coverage === 'some' ? `covered for some releases only: for all of them it ${needs}` : needs;
}

/** The host has reported no keys. */
function wordsByLog({ coverage, key }: KeyPlan): string {
  if (coverage === 'yes') return 'covered, by the answers in its log';
  if (coverage === 'unknown') return 'not known: it has reported no keys, and was not asked for this in 30 days';
  const needs = key === undefined ? '' : `: needs the ${key.name}`;
  return `${coverage === 'some' ? 'covered for some clients only' : 'not covered'}, by the answers in its log (0xC004F042)${needs}`;
}

/** `needs the Office 2019 KMS host key, which its Windows can take`: goes on after the name of a host. */
export function needWords({ key, holding }: Pick<KeyPlan, 'key' | 'holding'>): string {
  return key === undefined
    ? 'needs a key that kmswatch does not know'
    : `needs the ${key.name}${holdingWords(holding)}`;
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
