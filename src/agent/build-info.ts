import type { BuildInfo } from '../conditions/agent-snapshot.ts';

/** The build puts the commit in its place (build/main.ts); a checkout has none. */
declare const KMSWATCH_REVISION: string | undefined;

export function buildInfo(version: string): BuildInfo {
  return {
    version,
    revision: typeof KMSWATCH_REVISION === 'string' ? KMSWATCH_REVISION : 'unknown',
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
  };
}
