import { posix, win32 } from 'node:path';

/** Where a system keeps what is not of one user. */
export interface SystemPaths {
  readonly isWindows: boolean;
  /** The configuration, if no other one is named. */
  readonly config: string;
  /** The folder of the state, if this user can write to it. */
  readonly state: string;
  /** hosts(5), which Windows has too. */
  readonly hosts: string;
}

/** What Windows itself calls its folders. */
export interface SystemEnvironment {
  readonly [name: string]: string | undefined;
}

/** https://learn.microsoft.com/windows/win32/shell/knownfolderid, FOLDERID_ProgramData and FOLDERID_Windows */
export function systemPaths(
  platform: NodeJS.Platform = process.platform,
  env: SystemEnvironment = process.env,
): SystemPaths {
  const isWindows = platform === 'win32';
  if (!isWindows) {
    return { isWindows, config: '/etc/kmswatch/kmswatch.yml', state: '/var/lib/kmswatch', hosts: '/etc/hosts' };
  }
  const data = win32.join(env['ProgramData'] ?? 'C:\\ProgramData', 'kmswatch');
  return {
    isWindows,
    config: win32.join(data, 'kmswatch.yml'),
    // Not its folder: users who may write there could change the configuration.
    state: win32.join(data, 'agent'),
    hosts: win32.join(env['SystemRoot'] ?? 'C:\\Windows', 'System32\\drivers\\etc\\hosts'),
  };
}

/** The rules of paths of that system. */
export function pathsOf({ isWindows }: SystemPaths): typeof posix {
  return isWindows ? win32 : posix;
}
