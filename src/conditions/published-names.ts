/** A domain that is twice at the end of a name, and the name as it was meant. */
interface DoubledDomain {
  readonly domain: string;
  readonly meant: string;
}

/**
 * A target whose final dot is missing in the zone file has the zone's name behind it a second time, or that of a zone
 * below: `kms01.example.com.corp.example.com`.
 */
export function doubledDomain(name: string): DoubledDomain | undefined {
  const labels = name.split('.');
  for (let size = Math.floor((labels.length - 1) / 2); size >= 1; size--) {
    const domain = labels.slice(-size).join('.');
    // A single label may well be there twice; twice in a row it is a mistake.
    const last = labels.length - size;
    for (let end = last; end > size && (size > 1 || end === last); end--) {
      if (labels.slice(end - size, end).join('.') === domain) return { domain, meant: labels.slice(0, end).join('.') };
    }
  }
  return undefined;
}

/** The advice for a name that was probably not meant so; undefined for one with which nothing is wrong. */
export function nameAdvice(name: string, isPublished: boolean): string | undefined {
  const doubled = doubledDomain(name);
  if (doubled !== undefined) {
    const { domain, meant } = doubled;
    return isPublished
      ? `${domain} is in this name twice, so the target of the SRV record probably lacks its final dot: correct it to ${meant}. (with the dot).`
      : `${domain} is in this name twice: it probably should be ${meant}.`;
  }
  if (name.includes('.')) return undefined;
  return isPublished
    ? 'The target of the SRV record is a name without a domain: correct it to the full name of the host, with a final dot.'
    : 'This name has no domain: use the full name of the host.';
}
