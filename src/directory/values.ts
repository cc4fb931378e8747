import type { Entry } from 'ldapts';

/** The values of an attribute as text, without those that are no text. An attribute that is not there has none. */
export function textsOf(entry: Entry, attribute: string): readonly string[] {
  return [entry[attribute] ?? []].flat().filter((value) => typeof value === 'string');
}

/** The first value; empty if there is none. */
export function textOf(entry: Entry, attribute: string): string {
  return textsOf(entry, attribute)[0] ?? '';
}

/** The first value of an attribute that was asked for as octets. */
export function octetsOf(entry: Entry, attribute: string): Buffer | undefined {
  return [entry[attribute] ?? []].flat().find((value) => Buffer.isBuffer(value));
}

/** `corp.example.com` of `CN=WS1,DC=corp,DC=example,DC=com`. */
export function domainOf(dn: string): string {
  return [...dn.matchAll(/(?:^|,)\s*DC=([^,]+)/gi)].map(([, label]) => label).join('.');
}
