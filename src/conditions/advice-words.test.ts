import { expect, it, test } from 'vitest';
import { adviceOf } from '../machines/advice.ts';
import { explainResult } from '../products/activation-result.ts';
import { CATALOGUE } from './catalogue.ts';
import { OUTCOME_REMEDIES } from './outcome-remedies.ts';

const TEXTS: readonly (readonly [where: string, text: string])[] = [
  ...CATALOGUE.flatMap(({ name, meaning, remedy }) => [[name, meaning] as const, [name, remedy] as const]),
  ...CATALOGUE.flatMap(({ name, runbook: { meaning, impact, diagnosis, mitigation } }) =>
    [meaning, impact, ...diagnosis, ...mitigation].map((text) => [`the runbook of ${name}`, text] as const),
  ),
  ...Object.entries(OUTCOME_REMEDIES),
  ...(['lapsed', 'not_renewing', 'never_asked'] as const).map(
    (verdict) => [verdict, adviceOf({ verdict, products: [], duplicate: false })] as const,
  ),
];

function runbookText(name: string): string {
  const runbook = CATALOGUE.find((condition) => condition.name === name)?.runbook;
  return JSON.stringify(runbook);
}

it('runs slmgr by cscript wherever its answer is to be read: its window is seen by nobody in a remote session', () => {
  const unread = TEXTS.filter(([, text]) => /(?<!slmgr\.vbs )(?<=slmgr )\/(?:dlv|dli|dti|xpr)/.test(text));
  expect(unread).toEqual([]);
  expect(TEXTS.filter(([, text]) => /cscript (?!\/\/nologo)/.test(text))).toEqual([]);
});

it('shows the answer of an activation where its error decides what to do next', () => {
  expect(runbookText('KmsHostNotActivated')).toContain('slmgr.vbs /ato ACTIVATION_ID');
  expect(CATALOGUE.find(({ name }) => name === 'KmsHostNotActivated')?.remedy).toContain('slmgr.vbs /ato');
  expect(explainResult(0xc004f056).remedy).toContain('slmgr.vbs /ato');
});

it('never names slmgr /skms without what undoes it', () => {
  const runbooks = CATALOGUE.map(({ name }) => [name, runbookText(name)] as const);
  expect(runbooks.filter(([, text]) => text.includes('/skms') && !text.includes('/ckms'))).toEqual([]);
});

it('sends nobody to convert an evaluation on a domain controller', () => {
  expect(runbookText('KmsHostKeyMissing')).toMatch(/Set-Edition.*domain controller/);
});

it('says once what a key of Office needs first', () => {
  expect(runbookText('KmsHostKeyMissing').match(/Volume License Pack/g)).toHaveLength(1);
});

it('starts slmgr by a path that any folder finds', () => {
  expect(TEXTS.filter(([, text]) => /\/\/nologo slmgr/.test(text))).toEqual([]);
});

test.each(['KmsHostKeyMissing', 'KmsHostNotActivated', 'KmsProductRefused', 'KmsProductNotCovered'])(
  '%s activates a host key of Office by its id, because without it slmgr activates Windows',
  (name) => {
    expect(runbookText(name)).toMatch(/slmgr(?:\.vbs)? \/ato ACTIVATION_ID/);
  },
);

test.each(['KmsLeasesExpiringSoon', 'KmsLeasesExpired', 'KmsRenewalsFailing'])(
  '%s has the script of Office beside that of Windows',
  (name) => {
    expect(runbookText(name)).toContain('ospp.vbs /act');
  },
);

test.each([
  'KmsLeasesExpiringSoon',
  'KmsLeasesExpiring',
  'KmsLeasesExpired',
  'KmsRenewalsStalled',
  'KmsHostIdle',
  'KmsHostBelowThreshold',
  'KmsClientsBelowThreshold',
  'KmsThresholdBreachAhead',
])('%s names a move to Active Directory-based activation as a cause', (name) => {
  expect(runbookText(name)).toMatch(
    /Active Directory-based activation (?:introduced|being introduced|been introduced)/,
  );
});
