import { type HostName, parseHostName } from '../../src/kernel/host-name.ts';

/** A host or domain name in its one form. @throws Error if the text is no name */
export function hostName(text: string): HostName {
  const name = parseHostName(text);
  if (!name.ok) throw new Error(name.error);
  return name.value;
}
