import { HOST_KEYS } from '../products/host-keys.ts';
import type { Metric } from './metric.ts';

export const DIRECTORY_METRICS: readonly Metric[] = [
  {
    name: 'kms_activation_object_info',
    type: 'gauge',
    help: '1, for each activation object of the directory, with the KMS host key that it was made with',
    labels: ['object', 'key'],
    samples: function* ({ estate }) {
      for (const { name, activationId = '' } of estate.directory?.objects ?? []) {
        yield [[name, HOST_KEYS.get(activationId)?.name ?? activationId], 1];
      }
    },
  },
  {
    name: 'kms_activation_object_unexpected',
    type: 'gauge',
    help: '1, for each activation object of the directory that inventory.directory.expected_objects does not name',
    labels: ['object'],
    samples: function* ({ estate }) {
      for (const { name } of estate.directory?.unexpected ?? []) yield [[name], 1];
    },
  },
];
