import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../src/config/load.ts';
import { defaultConfig } from '../src/config/schema.ts';
import {
  alertmanagerFile,
  bound,
  CONFIG,
  compose,
  filesBelow,
  mounts,
  outside,
  prometheusFile,
  read,
  services,
} from './support/compose.ts';

const [PORT] = defaultConfig().web.listen.map(({ port }) => port);

describe('the compose file', () => {
  it('mounts what there is, and lets nobody write to it', () => {
    expect(bound.filter(({ source }) => !existsSync(source))).toEqual([]);
    expect(bound.filter(({ mode }) => mode !== 'ro')).toEqual([]);
    const named = mounts.filter((mount) => !bound.includes(mount)).map(({ source }) => source);
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('mounts nothing below what is read-only, where no place for it can be made', () => {
    for (const { service, target } of bound) {
      const inside = mounts.filter((other) => other.service === service && other.target.startsWith(`${target}/`));
      expect(inside).toEqual([]);
    }
  });

  it('pins every image, the agent to the version of the package', () => {
    const { version } = JSON.parse(read('package.json'));
    expect(services['kmswatch']?.image).toBe(`kmswatch:${version}`);
    for (const { image } of Object.values(services)) expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
    expect(existsSync(join(resolve(CONFIG, services['kmswatch']?.build?.context ?? ''), 'Dockerfile'))).toBe(true);
  });

  it('starts the agent as its image does, on the port that it has by default', () => {
    const [, command = ''] = /^CMD (.*)$/m.exec(read('Dockerfile')) ?? [];
    const [run, ...options] = services['kmswatch']?.command ?? [];
    expect([run?.replace(/^\$\{KMSWATCH_COMMAND:-(\w+)\}$/, '$1'), ...options]).toEqual(JSON.parse(command));
    expect(options.at(-1)).toBe(`:${PORT}`);
    expect(services['kmswatch']?.ports).toEqual([`127.0.0.1:${PORT}:${PORT}`]);
    const state = mounts.find(({ service, source }) => service === 'kmswatch' && source === 'kmswatch')?.target;
    expect(read('Dockerfile')).toContain(`STATE_DIRECTORY=${state}`);
  });

  it('names services that there are, at the ports that they have', () => {
    const ports = new Map(Object.entries(services).map(([name, { ports }]) => [name, ports[0]?.split(':').at(-1)]));
    const files = [prometheusFile, alertmanagerFile, ...filesBelow(join(CONFIG, 'grafana'))];
    const named = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\b([a-z]+):(\d{4,5})\b/g)]);
    expect(new Set(named.map(([, name]) => name))).toEqual(new Set(['kmswatch', 'prometheus', 'alertmanager']));
    expect(named.filter(([, name = '', port]) => ports.get(name) !== port).map(([text]) => text)).toEqual([]);
    for (const { depends_on } of Object.values(services))
      for (const name of depends_on) expect(ports.has(name)).toBe(true);
  });

  it('has no secret, and says what to do where the password is missing', () => {
    const { environment = {}, secrets = [] } = services['grafana'] ?? {};
    const [secret = ''] = secrets;
    expect(environment['GF_SECURITY_ADMIN_PASSWORD__FILE']).toBe(`/run/secrets/${secret}`);
    const variable = compose.secrets[secret]?.environment;
    expect(variable).toBe('GRAFANA_ADMIN_PASSWORD');
    expect(compose['x-password']).toMatch(new RegExp(`^\\$\\{${variable}:\\?.*\\.env.*\\}$`));
    expect(read('.gitignore').split('\n')).toContain('.env');
    expect(JSON.parse(read('package.json')).files).toContain('!config/.env');
  });

  it('gives the agent a configuration that it takes', () => {
    const file = outside('kmswatch', '/etc/kmswatch/kmswatch.yml');
    const text = readFileSync(file, 'utf8');
    expect(loadConfig(text, dirname(file)).ok).toBe(true);
    // The commented-out part is valid as well.
    expect(loadConfig(text.replace(/^# (?=discovery|hosts| )/gm, ''), dirname(file))).toMatchObject({
      ok: true,
      value: { discovery: { domains: [{ name: 'corp.example.com' }] }, hosts: [{ name: 'kms01.corp.example.com' }] },
    });
  });

  it('has the examples of Prometheus and Alertmanager, with its own names', () => {
    const example = read('config/prometheus.example.yml')
      .replaceAll('127.0.0.1:11688', 'kmswatch:11688')
      .replaceAll('127.0.0.1:9093', 'alertmanager:9093')
      .replaceAll('../alerts/', '/etc/kmswatch/alerts/');
    expect(parse(readFileSync(prometheusFile, 'utf8'))).toEqual(parse(example));
    const { receivers, ...rest } = parse(read('config/alertmanager.example.yml'));
    const ours = parse(readFileSync(alertmanagerFile, 'utf8'));
    const names = (each: { name: string }[]) => each.map(({ name }) => ({ name }));
    expect(ours).toEqual({ ...rest, receivers: names(receivers) });
  });
});
