import { MINUTE_MS, millis } from '../kernel/time.ts';
import { HOST_KEYS } from '../products/host-keys.ts';
import type { Condition, Finding } from './condition.ts';
import { DIRECTORY_RUNBOOKS } from './runbooks/directory.ts';
import type { ConditionSnapshot } from './snapshot.ts';

export const DIRECTORY_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsActivationObjectUnexpected',
    severity: 'warning',
    holdsWhen: 'the directory has an activation object that inventory.directory.expected_objects does not name',
    group: 'clients',
    hold: millis(15 * MINUTE_MS),
    evaluate: unexpectedObjects,
    promql: 'kms_activation_object_unexpected == 1',
    summary: 'The directory has an activation object that nobody expects: {{ $labels.object }}',
    meaning:
      'Windows 8 and later, and Office 2013 and later, activate themselves by {{ $labels.object }} without a KMS host, and stop renewing at yours.',
    remedy:
      'Ask the administrators of the domain who made {{ $labels.object }}. If it belongs there, add it to inventory.directory.expected_objects; if not, remove it with VAMT or ADSI Edit.',
    runbook: DIRECTORY_RUNBOOKS.KmsActivationObjectUnexpected,
  },
];

function unexpectedObjects({ estate }: ConditionSnapshot): readonly Finding[] {
  return (estate.directory?.unexpected ?? []).map(({ name, activationId = '', partialKey }) => {
    const key = HOST_KEYS.get(activationId)?.name ?? 'a key that kmswatch does not know';
    const end = partialKey === undefined ? '' : `, which ends in ${partialKey}`;
    return {
      subject: { object: name },
      summary: `The directory has an activation object that nobody expects: ${name} (${key}${end})`,
    };
  });
}
