/** What a source says that it saw of a machine. */
const SEEN =
  '(?:logon|login|loggedin|signin|seen|contact|contacted|checkin|checkedin|sync|synced|synchronization|active|activity|heartbeat|online|connect|connected|connection|communication|communicated|reported|policyrequest|discovered)';
const WHO = '(?:user|known|ad|client|agent|device|machine|computer|successful|successfull|interactive|network)?';
const WHEN = '(?:date|time|datetime|timestamp|stamp|on|at|utc|gmt|local|in)*';
const LAST_SEEN = new RegExp(`^(?:date|time|timestamp)?(?:of)?last${WHO}${SEEN}${WHEN}0?$`);

/**
 * True for a name such as `Last check-in date`, which no table of names can have all of. Names that say who or what, and
 * not when, are none: `Last logon user`.
 * @param key as `columnKey` has it
 */
export function isLastSeen(key: string): boolean {
  return LAST_SEEN.test(key);
}
