import manifest from '../../package.json' with { type: 'json' };

/** That of `package.json`, which the build puts into the package's code. */
export const VERSION: string = manifest.version;
