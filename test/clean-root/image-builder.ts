import { execFile } from 'node:child_process';
import { cp, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { peerPath } from '../peers/find-peer.ts';
import { REPOSITORY } from '../support/agent.ts';

const execute = promisify(execFile);

const Inspected = z.object({
  Docker: z.object({
    architecture: z.string(),
    config: z.object({
      User: z.string(),
      Env: z.array(z.string()),
      Entrypoint: z.array(z.string()),
      Cmd: z.array(z.string()),
      WorkingDir: z.string(),
      Volumes: z.record(z.string(), z.unknown()),
      Labels: z.record(z.string(), z.string()),
      Healthcheck: z.object({ Test: z.array(z.string()) }),
    }),
  }),
});
export type ImageConfig = z.infer<typeof Inspected>['Docker']['config'];

/**
 * Builds images without a daemon and without a registry: buildah, with all that it stores in one folder. Its commands
 * run in a chroot, as Docker's do in a container, and reach Debian's and npm's servers.
 */
export class ImageBuilder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** An image of a folder, as `debootstrap` made it. */
  async fromFolder(name: string, root: string): Promise<void> {
    const context = join(this.#folder, 'context');
    await mkdir(context, { recursive: true });
    const parts = ['--exclude=./dev/*', '--exclude=./var/cache/apt/*', '--exclude=./var/lib/apt/lists/*'];
    await execute('tar', ['-C', root, ...parts, '-cf', join(context, 'root.tar'), '.']);
    await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nADD root.tar /\nCMD ["bash"]\n');
    await this.build(name, context);
    await rm(context, { recursive: true });
  }

  /**
   * What the image `node` of the registry has in `/usr/local`: the Node of the tests with its headers, and npm. npm asks
   * the registry that it asks on this machine.
   */
  async nodeImage(name: string, base: string): Promise<void> {
    const context = join(this.#folder, 'context');
    const local = join(context, 'local');
    const node = join(REPOSITORY, `node_modules/node/node_modules/node-linux-${process.arch}`);
    for (const part of ['bin', 'include', 'LICENSE'])
      await cp(join(node, part), join(local, part), { recursive: true });
    const modules = await output('npm', ['root', '--global']);
    await cp(await realpath(join(modules, 'npm')), join(local, 'lib/node_modules/npm'), { recursive: true });
    await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
    await mkdir(join(local, 'etc'));
    const authorities = await output('npm', ['config', 'get', 'cafile']);
    const registry = `registry=${await output('npm', ['config', 'get', 'registry'])}\n`;
    if (authorities !== 'null') await cp(authorities, join(local, 'etc/authorities.pem'));
    const trust = authorities === 'null' ? '' : 'cafile=/usr/local/etc/authorities.pem\n';
    await writeFile(join(local, 'etc/npmrc'), registry + trust);
    await writeFile(join(context, 'Dockerfile'), `FROM ${base}\nCOPY local /usr/local\n`);
    await this.build(name, context);
    await rm(context, { recursive: true });
  }

  /** Builds what the Dockerfile of a folder says. @returns what the builder printed */
  build(name: string, context: string, args: Readonly<Record<string, string>> = {}): Promise<string> {
    const given = Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
    // Docker's format: that of the Open Container Initiative has no health check.
    const options = ['--format', 'docker', '--isolation', 'chroot', '--pull-never', '--tag', name, ...given];
    return this.#run('build', ...options, context);
  }

  async configOf(image: string): Promise<ImageConfig> {
    return Inspected.parse(JSON.parse(await this.#run('inspect', '--type', 'image', image))).Docker.config;
  }

  /** The folder with all files of an image, as a container of it sees them. */
  async unpack(image: string): Promise<string> {
    const container = (await this.#run('from', '--pull-never', image)).trim();
    return (await this.#run('mount', container)).trim();
  }

  async #run(...args: readonly string[]): Promise<string> {
    const places = ['--root', join(this.#folder, 'root'), '--runroot', join(this.#folder, 'run')];
    // Of all ways to store layers, the one that needs nothing of the kernel.
    return output(peerPath('buildah'), [...places, '--storage-driver', 'vfs', ...args]);
  }
}

/** Octets of all files of a folder, as they are long. */
export async function sizeOf(folder: string): Promise<number> {
  return Number((await output('du', ['-sxb', folder])).split('\t')[0]);
}

async function output(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(program, args, { cwd: dirname(REPOSITORY), maxBuffer: 1 << 26 });
  return stdout.trim();
}
