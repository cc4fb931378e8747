import type { Result } from '../kernel/result.ts';
import type { Seconds } from '../kernel/time.ts';
import { readActivationObjects } from './activation-objects.ts';
import { readComputers } from './computers.ts';
import { readDomains } from './domains.ts';
import { DirectoryError } from './failure.ts';
import { type Session, type SessionDeps, withSession } from './session.ts';
import type { DirectoryConnection, DirectoryParts, DirectoryReading } from './types.ts';
import { textOf } from './values.ts';

/** Ports of a global catalog, which knows all domains of the forest, but no operating systems (MS-ADTS 3.1.1.3.1.10). */
const GLOBAL_CATALOG = '3269';

/** Reads the directory once, over one connection. @returns why it cannot be read, and what to do, if it cannot */
export function readDirectory(
  connection: DirectoryConnection,
  parts: DirectoryParts,
  { now, ...deps }: SessionDeps & { readonly now: Seconds },
): Promise<Result<DirectoryReading, string>> {
  return withSession(connection, deps, async (session) => {
    const { domain, configuration } = await rootOf(session);
    const base = new URL(connection.url).port === GLOBAL_CATALOG ? '' : domain;
    // One after the other: a domain controller has others to serve.
    return {
      domains: parts.domains ? await readDomains(session, configuration) : undefined,
      activationObjects: parts.activationObjects ? await readActivationObjects(session, configuration) : undefined,
      machines: parts.machines ? await readComputers(session, base, now) : undefined,
    };
  });
}

async function rootOf(session: Session): Promise<{ readonly domain: string; readonly configuration: string }> {
  const question = { attributes: ['defaultNamingContext', 'configurationNamingContext'], most: 1 };
  for await (const entry of session.search('', question)) {
    const domain = textOf(entry, 'defaultNamingContext');
    const configuration = textOf(entry, 'configurationNamingContext');
    if (domain !== '' && configuration !== '') return { domain, configuration };
  }
  throw new DirectoryError('it names no domain: url must lead to a domain controller of Active Directory');
}
