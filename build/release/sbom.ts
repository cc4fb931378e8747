import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT, run } from '../package/run.ts';

const Component = z.looseObject({
  'bom-ref': z.string(),
  group: z.string().optional(),
  name: z.string(),
  version: z.string(),
  /** What npm has put below it, since another version is beside it. */
  get components() {
    return z.array(Component).optional();
  },
});
type Component = z.infer<typeof Component>;

const Bill = z.looseObject({
  components: z.array(Component),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).optional() })),
});

const MAKER = 'node_modules/@cyclonedx/cyclonedx-npm/bin/cyclonedx-npm-cli.js';
const OPTIONS = ['--output-reproducible', '--spec-version', '1.6', '--output-format', 'JSON', '--output-file', '-'];

/**
 * What the release is made of, as CycloneDX 1.6: the packages in the bundle, `kerberos`, and Node. All of them are
 * development dependencies, so the makers of such lists know no difference between them and a linter.
 */
export async function billOfMaterials(): Promise<string> {
  const bill = Bill.parse(JSON.parse(await run(process.execPath, [join(ROOT, MAKER), ...OPTIONS])));
  const shipped = await shippedPackages();
  const components = flat(bill.components).filter((each) => shipped.has(`${fullName(each)}@${each.version}`));
  const missing = [...shipped].filter((id) => !components.some((each) => `${fullName(each)}@${each.version}` === id));
  if (missing.length > 0) throw new Error(`not in the list of packages: ${missing.join(', ')}`);
  const root = z.looseObject({ component: Component }).parse(bill['metadata']).component['bom-ref'];
  const refs = new Set([root, ...components.map((each) => each['bom-ref'])]);
  const dependencies = bill.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn?.filter((each) => refs.has(each)) ?? [] }));
  const made = { ...bill, components: [...components, nodeComponent()], dependencies };
  return `${JSON.stringify(made, null, 2)}\n`;
}

/** `name@version` of everything that the package brings: the bundle's own list, and the one dependency outside of it. */
async function shippedPackages(): Promise<ReadonlySet<string>> {
  const licences = await readFile(join(ROOT, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  const bundled = [...licences.matchAll(/^-{80}\n(\S+) (\S+) \(/gm)].map(([, name, version]) => `${name}@${version}`);
  const kerberos = await readFile(join(ROOT, 'node_modules/kerberos/package.json'), 'utf8');
  return new Set([...bundled, `kerberos@${z.object({ version: z.string() }).parse(JSON.parse(kerberos)).version}`]);
}

function flat(components: readonly Component[]): Component[] {
  return components.flatMap(({ components: below = [], ...own }) => [own, ...flat(below)]);
}

function fullName({ group, name }: Component): string {
  return group === undefined ? name : `${group}/${name}`;
}

/** The Node of the Debian package and of the archive. */
function nodeComponent() {
  const version = process.versions.node;
  const purl = `pkg:generic/node@${version}?download_url=https://nodejs.org/dist/v${version}/`;
  return { type: 'application', name: 'node', version, 'bom-ref': purl, purl, licenses: [{ license: { id: 'MIT' } }] };
}
