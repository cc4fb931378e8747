import { either, listed } from '../kernel/words.ts';
import type { Holding } from './can-hold.ts';
import type { CoveringKey } from './coverage.ts';
import type { KeyChoice, KeyPlan } from './key-plan.ts';
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
  const { coverage, key, holding, also } = plan;
  if (plan.byLog) return wordsByLog(plan);
  if (coverage === 'yes') return 'covered';
  if (coverage === 'unknown') return 'not known';
  if (key === undefined) return 'not covered by any known key';
  const needs = needWords({ key, holding, also });
  return coverage === 'some' ? `covered for some releases only: for all of them it ${needs}` : needs;
}

/** The host has reported no keys. */
function wordsByLog({ coverage, key, also }: KeyPlan): string {
  if (coverage === 'yes') return 'covered, by the answers in its log';
  if (coverage === 'unknown') return 'not known: it has reported no keys, and was not asked for this in 30 days';
  const needs = key === undefined ? '' : `: needs ${eitherOf(key, also)}`;
  return `${coverage === 'some' ? 'covered for some clients only' : 'not covered'}, by the answers in its log (0xC004F042)${needs}`;
}

/** `needs the Office 2019 KMS host key, which its Windows can take`: goes on after the name of a host. */
export function needWords({ key, holding, also }: Pick<KeyPlan, 'key' | 'holding' | 'also'>): string {
  if (key === undefined) return 'needs a key that kmswatch does not know';
  switch (holding.answer) {
    case 'unknown':
      return `needs ${eitherOf(key, also)}; whether its Windows can take it is not known`;
    case 'no':
      return `needs the ${key.name}, but ${REFUSALS[holding.reason]}`;
    case 'yes': {
      const first = firstOf(holding);
      const others = also.length === 0 ? '' : `; ${listed(also.map(alsoWords))} would do as well`;
      return `needs the ${key.name}, which its Windows can take${first === '' ? '' : ` ${first}`}${others}`;
    }
  }
}

/** Keys that are named when nobody knows which of them the Windows of the host can take. */
const CHOICES_NAMED = 3;

function eitherOf(key: CoveringKey, also: readonly KeyChoice[]): string {
  const names = [key, ...also.map((choice) => choice.key)].map(({ name }) => `the ${name}`);
  return either(names.length > CHOICES_NAMED ? [...names.slice(0, CHOICES_NAMED), 'an older one'] : names);
}

function alsoWords({ key, holding }: KeyChoice): string {
  const first = firstOf(holding);
  return `the ${key.name}${first === '' ? '' : ` (${first})`}`;
}

/** `after KB5034770 or a later update`; empty if nothing has to be installed first. */
function firstOf(holding: Holding): string {
  if (holding.answer !== 'yes') return '';
  const { pack, update } = holding;
  const needed = [pack && `the ${pack}`, update && `${update} or a later update`].filter(
    (item) => item !== undefined && item !== '',
  );
  return needed.length === 0 ? '' : `after ${needed.join(' and ')}`;
}
