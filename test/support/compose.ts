/** config/compose.yml: its content, and the paths at which its services find files. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { REPOSITORY } from './agent.ts';

export const CONFIG = join(REPOSITORY, 'config');

/** A file by its path from the top of the package. */
export function read(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

/** The part of the Compose specification that is used here; a key of another name is a mistake. */
const Service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string() }).optional(),
  hostname: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  secrets: z.array(z.string()).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)),
  depends_on: z.array(z.string()).default([]),
  volumes: z.array(z.string()),
  tmpfs: z.array(z.string()).optional(),
  read_only: z.boolean().optional(),
  restart: z.literal('unless-stopped'),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
});
const Compose = z.strictObject({
  name: z.string(),
  'x-password': z.string(),
  'x-guarded': z.unknown(),
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.strictObject({ environment: z.string() })),
  volumes: z.record(z.string(), z.strictObject({})),
});

export const compose = Compose.parse(parse(read('config/compose.yml'), { merge: true }));
export const { services } = compose;

interface Mount {
  readonly service: string;
  /** A path of this machine, or the name of a volume. */
  readonly source: string;
  readonly target: string;
  readonly mode: string | undefined;
}

export const mounts: readonly Mount[] = Object.entries(services).flatMap(([service, { volumes }]) =>
  volumes.map((text) => {
    const [source = '', target = '', mode] = text.split(':');
    return { service, source: source.startsWith('.') ? resolve(CONFIG, source) : source, target, mode };
  }),
);
/** Files and folders of this machine. */
export const bound = mounts.filter(({ source }) => source.startsWith('/'));

/** The file on this machine that a service finds at a path. @throws if nothing is mounted there */
export function outside(service: string, inside: string): string {
  const mount = bound
    .filter((each) => each.service === service)
    .find(({ target }) => inside === target || inside.startsWith(`${target}/`));
  if (mount === undefined) throw new Error(`nothing is mounted at ${inside} of ${service}`);
  return mount.source + inside.slice(mount.target.length);
}

/** An option of the command of a service; empty where it has none. */
export function flag(service: string, name: string): string {
  const found = services[service]?.command?.find((argument) => argument.startsWith(`--${name}=`));
  return found?.slice(name.length + 3) ?? '';
}

export const prometheusFile = outside('prometheus', flag('prometheus', 'config.file'));
export const alertmanagerFile = outside('alertmanager', flag('alertmanager', 'config.file'));

export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
