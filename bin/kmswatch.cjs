#!/usr/bin/env node
'use strict';
// Plain CommonJS in the words of Node 12, so that an old Node reads it and says what to do instead of a syntax error.

const OLDEST = 24;
const version = process.versions.node;

if (Number(version.split('.')[0]) < OLDEST) {
  process.stderr.write(
    'kmswatch needs Node ' +
      OLDEST +
      ' or later, this is ' +
      version +
      ': install it from https://nodejs.org or use the container image\n',
  );
  process.exitCode = 2;
} else {
  require('node:module').enableCompileCache();
  void import('../dist/cli/main.js');
}
