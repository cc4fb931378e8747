import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../config/schema.ts';
import { addSharedFlags, withFlags } from './shared-flags.ts';

function flagsOf(...args: readonly string[]) {
  const command = addSharedFlags(new Command('run').exitOverride().configureOutput({ writeErr: () => {} }));
  return command.parse(args, { from: 'user' }).opts();
}

describe('a flag', () => {
  const config = defaultConfig();

  it.each([
    ['--web.listen=:9100', { web: { listen: [{ host: undefined, port: 9100 }] } }],
    ['--web.config.file=/etc/web.yml', { web: { config_file: '/etc/web.yml' } }],
    ['--web.external-url=https://mon.example/kms', { web: { external_url: 'https://mon.example/kms/' } }],
    ['--web.telemetry-path=/telemetry', { web: { telemetry_path: '/telemetry' } }],
    ['--log.level=debug', { log: { level: 'debug', format: 'json' } }],
    ['--log.format=pretty', { log: { level: 'info', format: 'pretty' } }],
  ])('%s takes the place of its key', (flag, expected) => {
    expect(withFlags(config, flagsOf(flag))).toMatchObject(expected);
    expect(withFlags(config, flagsOf())).toEqual({ ...config, web: { ...config.web } });
  });

  it.each(['--web.external-url=mon.example', '--web.telemetry-path=metrics', '--log.level=verbose'])(
    '%s is refused',
    (flag) => {
      expect(() => flagsOf(flag)).toThrow();
    },
  );
});
