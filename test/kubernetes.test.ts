import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { PrometheusRule, ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { StatefulSet } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { ConfigMap, Secret, Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { peerPath } from './peers/find-peer.ts';
import { describeWithPeers } from './peers/peer.ts';
import { temporaryFolder } from './peers/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..');
const OVERLAY = 'config/kubernetes/prometheus-operator';

/** By the schemas of Kubernetes and of prometheus-operator. @throws with what is wrong with a resource */
const CHECKS: Readonly<Record<string, (resource: object) => void>> = {
  ConfigMap: (resource) => new ConfigMap(resource as never).validate(),
  Secret: (resource) => new Secret(resource as never).validate(),
  Service: (resource) => new Service(resource as never).validate(),
  StatefulSet: (resource) => new StatefulSet(resource as never).validate(),
  NetworkPolicy: (resource) => new NetworkPolicy(resource as never).validate(),
  ServiceMonitor: (resource) => new ServiceMonitor(resource as never).validate(),
  PrometheusRule: (resource) => new PrometheusRule(resource as never).validate(),
};

const Kustomization = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  resources: z.array(z.string()).default([]),
  configMapGenerator: z.array(z.strictObject({ name: z.string(), files: z.array(z.string()) })).default([]),
  generatorOptions: z
    .strictObject({ disableNameSuffixHash: z.boolean(), labels: z.record(z.string(), z.string()).optional() })
    .optional(),
});

const Resource = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
});

/** Those that kustomize makes may have no labels. */
const Built = Resource.extend({ metadata: z.looseObject({ name: z.string() }) });

interface Loaded {
  readonly resources: readonly z.infer<typeof Resource>[];
  readonly configMaps: ReadonlyMap<string, readonly string[]>;
}

/** All that a kustomization takes in, as kustomize does: files of its folder, and other kustomizations. */
async function load(folder: string): Promise<Loaded> {
  const { resources, configMapGenerator } = Kustomization.parse(await yaml(`${folder}/kustomization.yaml`));
  const parts = await Promise.all(
    resources.map(async (name) => {
      const path = join(folder, name);
      if (!name.endsWith('.yaml')) return load(path);
      return { resources: [Resource.parse(await yaml(path))], configMaps: new Map<string, string[]>() };
    }),
  );
  const own = configMapGenerator.map(({ name, files }) => [name, files.map((file) => join(folder, file))] as const);
  return {
    resources: parts.flatMap((part) => part.resources),
    configMaps: new Map([...parts.flatMap((part) => [...part.configMaps]), ...own]),
  };
}

async function yaml(path: string): Promise<unknown> {
  return parse(await readFile(join(ROOT, path), 'utf8'));
}

describe('config/kubernetes', () => {
  it('has resources that Kubernetes and prometheus-operator know', async () => {
    const { resources } = await load(OVERLAY);
    // Those come from files.
    const kinds = Object.keys(CHECKS).filter((kind) => kind !== 'ConfigMap');
    expect(resources.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
    for (const resource of resources) {
      expect(resource.metadata.name).toBe('kmswatch');
      expect(() => CHECKS[resource.kind]?.(resource)).not.toThrow();
    }
  });

  it('would be refused with a mistake in it', async () => {
    const { resources } = await load(OVERLAY);
    for (const resource of resources.filter(({ kind }) => kind !== 'Secret')) {
      expect(() => CHECKS[resource.kind]?.({ ...resource, spec: 'none' })).toThrow();
    }
  });

  it('names files that are there, and every dashboard', async () => {
    const { configMaps } = await load(OVERLAY);
    const files = [...configMaps.values()].flat();
    for (const file of files) expect(await readdir(join(ROOT, dirname(file)))).toContain(file.split('/').at(-1));
    const dashboards = (await readdir(join(ROOT, 'dashboards'))).filter((name) => name.endsWith('.json'));
    expect(files.filter((file) => file.endsWith('.json'))).toEqual(dashboards.map((name) => `dashboards/${name}`));
    expect(configMaps.get('kmswatch')).toEqual(['config/kubernetes/base/kmswatch.yml']);
  });

  it('runs one agent of this version, which may write to its volume and to nothing else', async () => {
    const { resources } = await load('config/kubernetes/base');
    const spec = resources.find(({ kind }) => kind === 'StatefulSet')?.['spec'];
    expect(spec).toMatchObject({
      replicas: 1,
      template: {
        spec: {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532 },
          containers: [
            {
              image: `kmswatch:${manifest.version}`,
              securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
              livenessProbe: { httpGet: { path: '/-/healthy' } },
              readinessProbe: { httpGet: { path: '/-/ready' } },
            },
          ],
        },
      },
    });
  });

  it('leads Prometheus to the Service, and calls the job kmswatch', async () => {
    const { resources } = await load(OVERLAY);
    const of = (kind: string) => resources.find((each) => each.kind === kind);
    const labels = of('Service')?.metadata.labels;
    expect(labels).toEqual({ 'app.kubernetes.io/name': 'kmswatch' });
    expect(of('ServiceMonitor')?.['spec']).toMatchObject({
      selector: { matchLabels: labels },
      jobLabel: 'app.kubernetes.io/name',
    });
    expect(of('StatefulSet')?.['spec']).toMatchObject({ template: { metadata: { labels } } });
  });
});

describeWithPeers('kustomize', ['kustomize'], () => {
  it.each(['config/kubernetes/base', OVERLAY])('builds %s, with all that is in it', async (folder) => {
    const args = ['build', folder];
    const { stdout } = await promisify(execFile)(peerPath('kustomize'), args, { cwd: ROOT, maxBuffer: 1 << 26 });
    const built = stdout.split(/^---$/m).map((text) => Built.parse(parse(text)));
    const { resources, configMaps } = await load(folder);
    const names = (all: readonly z.infer<typeof Built>[]) =>
      all.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const maps = [...configMaps.keys()].map((name) => `ConfigMap ${name}`);
    expect(names(built).toSorted()).toEqual([...names(resources), ...maps].toSorted());
    for (const resource of built) expect(() => CHECKS[resource.kind]?.(resource)).not.toThrow();
  });

  it("takes an overlay of one's own, as the README has it", async () => {
    const [, overlay = ''] =
      /```yaml\n([\s\S]*?)```/.exec(await readFile(join(ROOT, 'config/kubernetes/README.md'), 'utf8')) ?? [];
    const folder = await temporaryFolder();
    const base = relative(folder.path, join(ROOT, OVERLAY));
    const text = overlay.replaceAll(/^ {3}/gm, '').replace('../kmswatch/config/kubernetes/prometheus-operator', base);
    await folder.write('kustomization.yaml', text);
    await folder.write('kmswatch.yml', 'hosts: []\n');
    await folder.write('ingest.token', 'a-token\n');
    const args = ['build', folder.path];
    const { stdout } = await promisify(execFile)(peerPath('kustomize'), args, { maxBuffer: 1 << 26 });
    await folder.remove();
    expect(stdout).toContain('image: registry.example.com/kmswatch:0.1.0');
    expect(stdout).toContain('kmswatch.yml: |\n    hosts: []');
    expect(stdout).toContain(`ingest.token: ${Buffer.from('a-token\n').toString('base64')}`);
    // No other name, which the StatefulSet would have to be started again for.
    expect([...stdout.matchAll(/(?:secretName: |configMap:\n +name: )(.*)$/gm)].map(([, name]) => name)).toEqual([
      'kmswatch',
      'kmswatch',
    ]);
    expect(stdout).not.toMatch(/^ {2}namespace: (?!monitoring)/m);
  });
});
