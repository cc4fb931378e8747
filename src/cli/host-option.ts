import { InvalidArgumentError } from 'commander';
import { type HostName, parseHostName } from '../kernel/host-name.ts';

/** Reads the host of an option, in any case, with or without the dot at its end. */
export function hostOption(text: string): HostName {
  const host = parseHostName(text);
  if (!host.ok) throw new InvalidArgumentError(host.error);
  return host.value;
}
