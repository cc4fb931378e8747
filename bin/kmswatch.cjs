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
  // `check` is a monitoring plugin, for which 2 would be CRITICAL and 3 is UNKNOWN.
  process.exitCode = process.argv[2] === 'check' ? 3 : 2;
} else {
  // One arena of malloc for all threads (docs/decisions/0020-one-arena.md). glibc hears of it when a process starts, so
  // the agent starts once more, in its own place: process id, files and signals stay, and it takes some 10 ms.
  const { argv, env, execArgv, execPath } = process;
  const isAgent = argv[2] === undefined || argv[2] === 'run' || argv[2][0] === '-';
  const isFirst = env.MALLOC_ARENA_MAX === undefined && !process.connected;
  if (process.platform === 'linux' && isAgent && isFirst && typeof process.execve === 'function') {
    // Node says of it that it is experimental, which is nothing to a user.
    process.emitWarning = () => {};
    process.execve(execPath, [execPath].concat(execArgv, argv.slice(1)), Object.assign({ MALLOC_ARENA_MAX: '1' }, env));
  }
  // A young generation that does not grow: a tenth more CPU time in the first second, a sixth less memory ever after.
  require('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
  // For threads that are still to come, one of a size that what a batch of records needs dies in.
  require('node:v8').setFlagsFromString('--min-semi-space-size=2');
  // Nor an old one that is four times as large as what is in use before it is cleared: half as much again is enough.
  require('node:v8').setFlagsFromString('--heap-growing-percent=50');
  // And while the old one is marked the young one is cleared as ever, in place of growing by 15 MB until the end of it.
  require('node:v8').setFlagsFromString('--no-separate-gc-phases');
  // Before anything is loaded: it saves the compiling, and in a checkout the stripping of types with its memory.
  require('node:module').enableCompileCache();
  // A checkout runs its source, so that no stale build is ever run by mistake; the package has no source.
  const source = '../src/cli/main.ts';
  void import(
    require('node:fs').existsSync(require('node:path').join(__dirname, source)) ? source : '../dist/cli/main.js'
  );
}
