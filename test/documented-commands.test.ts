import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { loadConfig } from '../src/config/load.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Those that take somebody from nothing to the first lease. */
const DOCUMENTS = ['README.md', 'docs/first-lease.md', 'docs/windows.md', 'config/kubernetes/README.md'];
const CHECKLIST = /^## Ten minutes on a real host\n([\s\S]*)/m.exec(read('docs/windows.md'))?.[1] ?? '';

/** Where a command is run: a file, and what it has to do with it. `npm run` is not part of `npm test`. */
type RunBy = readonly [file: string, has: string];

const RUN: readonly (readonly [RegExp, RunBy])[] = [
  [/^npm ci( |$)/, ['.ci/run', 'npm ci']],
  [/npm test$/, ['.ci/run', 'npm test']],
  [/npm run demo$|^kmswatch demo$|^npm start -- explain br-0003$/, ['test/e2e/demo.test.ts', 'demo']],
  [/^npm start( -- (ARGS|check .*))?$|^kmswatch ARGS$/, ['test/e2e/run.test.ts', "['npm', 'start', '--']"]],
  [/^npm run windows$/, ['vitest.windows.config.ts', 'test/windows/']],
  [/^npm run package$/, ['test/clean-root/build-once.ts', "['run', 'package']"]],
  [/^dpkg -i /, ['test/clean-root/debian-package.test.ts', 'dpkg -i']],
  [/^\.\/kmswatch$/, ['test/clean-root/debian-package.test.ts', './kmswatch --version']],
  [/^npm pack$|^npm install --global \.\//, ['test/e2e/package.test.ts', "'--global'"]],
  [/^docker build /, ['test/clean-root/image.test.ts', 'builder.build(IMAGE, REPOSITORY']],
  [/^docker run -p /, ['test/clean-root/image.test.ts', 'config.Cmd']],
  [/docker compose --file config\/compose\.yml up|^echo "GRAFANA/, ['test/e2e/compose.test.ts', 'compose']],
  [/^kubectl kustomize \./, ['test/kubernetes.test.ts', "['build', folder.path]"]],
  // No cluster is here to apply it to, as README.md says.
  [/^kubectl apply --kustomize \. --server-side$/, ['README.md', '| a cluster |']],
  [/^\(umask 027; head |^chgrp kmswatch /, ['test/clean-root/first-lease.test.ts', 'blocksOf(PUSH)']],
  [/^kmswatch import /, ['test/clean-root/first-lease.test.ts', 'kmswatch import kms.xml']],
  [/^kmswatch (leases|explain)( |$)/, ['test/clean-root/first-lease.test.ts', 'kmswatch explain ws-0417']],
  [/^kmswatch config check /, ['test/clean-root/first-lease.test.ts', 'blocksOf(PUSH)']],
  [/^kmswatch (run|check|forecast)$|^npm start$/, ['test/e2e/run.test.ts', 'startAgent']],
  [/import-history\.ps1 /, ['test/powershell/Check.Tests.ps1', 'import-history.ps1']],
  [/\.\\install\.ps1 -Url /, ['test/powershell/Install.Tests.ps1', "'install.ps1'"]],
  [/kmswatch-push\.ps1' -Url \S+ -Check$/, ['test/powershell/Check.Tests.ps1', 'Check']],
  [/install-agent\.ps1$/, ['test/powershell/Agent.Tests.ps1', "'install-agent.ps1'"]],
  [/kmswatch\.cmd" explain /, ['test/windows/agent.test.ts', "kmswatch('explain'"]],
  [/^server \{|^ {4}|^\}$/, ['test/e2e/behind-nginx.test.ts', 'first-lease.md']],
];

/** What only a Windows has: a word of the checklist. */
const OF_WINDOWS: readonly (readonly [RegExp, string])[] = [
  [/^Get-ChildItem( -Recurse -File)? \| Unblock-File$/, 'Unblock-File'],
  [/\\\\server\\kmswatch\\install\.ps1/, '\\\\server\\kmswatch'],
  [/Set-AuthenticodeSignature|CodeSigningCert/, 'Set-AuthenticodeSignature'],
  [/^winrm /, '`winrm`'],
  [/^Set-Item /, 'Set-Item WSMan:'],
  [/^Restart-Service WinRM$/, 'Restart-Service'],
  [/NTAccount/, 'SID'],
  [/New-SelfSignedCertificate/, 'New-SelfSignedCertificate'],
  [/^New-Item WSMan:/, 'New-Item WSMan:'],
  [/^New-NetFirewallRule /, 'New-NetFirewallRule'],
  [/^Get-ChildItem WSMan:/, 'Get-ChildItem WSMan:'],
  [/^wevtutil (qe|epl) /, 'wevtutil qe'],
];

/** Commands with their arguments, in blocks of shells and in the text of what a newcomer types on Linux. */
function commandsOf(file: string): string[] {
  const page = read(file).replace(/^## Ten minutes on a real host\n[\s\S]*/m, '');
  const blocks = [...page.matchAll(/^ *```(?:sh|bat|powershell|nginx)\n([\s\S]*?)^ *```$/gm)].flatMap(([, text = '']) =>
    text.split('\n').map((line) => line.replace(/^ {3}(?=\S)| +# .*$/g, '')),
  );
  const inline = [...page.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/`([^`]+)`/g)]
    .map(([, text = '']) => text.replaceAll(/\s+/g, ' ').replace(/^(?:STATE_DIRECTORY=\$\(.*?\)|\w+=\w+) /, ''))
    .filter((text) => /^(?:npm|docker|dpkg|kubectl|\.\/kmswatch|\(umask|chgrp|wevtutil epl) ?/.test(text));
  return [...blocks, ...inline].filter((line) => line !== '' && !line.startsWith('#'));
}

describe.each(DOCUMENTS)('%s', (file) => {
  it('shows no command that no test runs, and that is not in the checklist of what only Windows settles', () => {
    const commands = commandsOf(file);
    expect(commands.length).toBeGreaterThan(2);
    const known = [...RUN, ...OF_WINDOWS].map(([pattern]) => pattern);
    expect(commands.filter((command) => !known.some((pattern) => pattern.test(command)))).toEqual([]);
  });
});

test.each(RUN)('%s is run', (pattern, [file, has]) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
  expect(read(file)).toContain(has);
  expect(DOCUMENTS.flatMap(commandsOf).some((command) => pattern.test(command))).toBe(true);
});

test.each(OF_WINDOWS)('%s is in the checklist', (pattern, word) => {
  expect(CHECKLIST).toContain(word);
  expect(DOCUMENTS.flatMap(commandsOf).some((command) => pattern.test(command))).toBe(true);
});

test('docs/windows.md has configurations which the agent takes', () => {
  const blocks = [...read('docs/windows.md').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  expect(blocks.length).toBeGreaterThan(3);
  for (const text of blocks) expect(loadConfig(text, ROOT)).toMatchObject({ ok: true, value: { hosts: [{}] } });
});
