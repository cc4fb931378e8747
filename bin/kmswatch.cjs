#!/usr/bin/env node
'use strict';
// Plain CommonJS in the words of Node 12, so that an old Node reads it and says what to do instead of a syntax error.

const OLDEST = 24;
const version = process.versions.node;
const args = process.argv.slice(2);

if (Number(version.split('.')[0]) < OLDEST) {
  process.stderr.write(
    'kmswatch needs Node ' +
      OLDEST +
      ' or later, this is ' +
      version +
      ': install it from https://nodejs.org or use the container image\n',
  );
  // `check` is a monitoring plugin, for which 2 would be CRITICAL and 3 is UNKNOWN.
  process.exitCode = args[0] === 'check' ? 3 : 2;
} else if (args.length === 1 && args[0] === '--version') {
  // Answered without the program: scripts ask it often.
  process.stdout.write(`${require('../package.json').version}\n`);
} else {
  // Before anything is loaded: it saves the compiling, and in a checkout the stripping of types with its memory.
  require('node:module').enableCompileCache();
  // A checkout runs its source, so that no stale build is ever run by mistake; the package has no source.
  const source = '../src/cli/main.ts';
  void import(require('node:fs').existsSync(require('node:path').join(__dirname, source)) ? source : '../dist/main.js');
}
