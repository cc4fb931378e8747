import type { Config } from '../config/schema.ts';
import { secretSource } from '../config/secrets.ts';
import { canonicaliser } from '../estate/settings.ts';
import type { IngestSettings } from '../web/web-backend.ts';

/** Who may send what: shippers for every host, and each host that pushes for itself. */
export function ingestSettings({ ingest, hosts }: Config): IngestSettings {
  return {
    token: secretSource(ingest.token, ingest.token_file),
    maxBody: ingest.max_body,
    pushes: hosts.flatMap(({ name, report }) => {
      const token = secretSource(report?.push?.token, report?.push?.token_file);
      return token === undefined ? [] : [{ host: name, token }];
    }),
    canonicalise: canonicaliser(hosts),
  };
}
