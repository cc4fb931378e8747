'use strict';
// The last step of `npm ci` in a checkout: it starts the agent once, on a loopback port that the system chooses and
// with nothing to poll, and stops it. Node then strips the types, compiles, and keeps the result. Otherwise the first
// start would hold the stripper, 40 MB, for as long as it runs. This never fails: a cold start only costs memory.
const { spawn } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const LONGEST_MS = 120_000;

try {
  const folder = mkdtempSync(join(tmpdir(), 'kmswatch-'));
  const config = join(folder, 'kmswatch.yml');
  writeFileSync(config, 'discovery: {domains: []}\nweb: {listen: ["127.0.0.1:0"]}\n');
  const agent = spawn(process.execPath, [join(__dirname, '../../bin/kmswatch.cjs'), 'run', '--config', config], {
    env: { ...process.env, STATE_DIRECTORY: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const late = setTimeout(() => agent.kill('SIGKILL'), LONGEST_MS);
  let log = '';
  agent.stderr.on('data', (data) => {
    log += data;
    if (log.includes('the agent is listening')) agent.kill('SIGTERM');
  });
  agent.on('error', () => {});
  agent.on('close', () => {
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  });
} catch {
  // The folder cannot be written: the first real start reports the problem.
}
