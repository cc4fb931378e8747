/** What a threshold is for: 25 for `client`, 5 for `server` and `office`. */
export type KnownClass = 'client' | 'server' | 'office';
export type ProductClass = KnownClass | 'unknown';

/** What a host counts together: all of Windows, and Office apart from it. */
export type Pool = 'windows' | 'office';

/** The count that products of a class ask a host for (their N-policy). Source: Microsoft, KMS activation planning. */
export const N_POLICIES: Readonly<Record<KnownClass, number>> = { client: 25, server: 5, office: 5 };
