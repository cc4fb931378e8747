import { list, section } from '../expect.ts';
import { BESIDE, exactlyOne, noRepeats, type Use } from '../rules.ts';
import { secretText } from '../secrets.ts';
import { filePath, flag, hostName, oneOf, plainText, wholeNumber } from '../values.ts';
import { WinrmSection } from './winrm.ts';

const Push = section({
  token: secretText('a token').optional(),
  token_file: filePath().optional(),
}).superRefine(exactlyOne('token', 'token_file'), BESIDE);

const Report = section({
  push: Push.optional(),
  command: list(plainText('a word of the command'), 'words: the program and its arguments')
    .min(1, { error: 'lists no program: expected the program and its arguments' })
    .optional(),
  winrm: WinrmSection.optional(),
}).superRefine(exactlyOne('push', 'command', 'winrm'), BESIDE);

const Host = section({
  name: hostName(),
  /** Other names of the host in DNS and in its log. */
  aliases: list(hostName(), 'host names').default([]),
  /** Undefined: the ports that DNS publishes for it, 1688 when it publishes none. */
  port: wholeNumber(1, 65535).optional(),
  /** False: its port is watched from elsewhere, and nothing is said of it here. */
  probe: flag().default(true),
  report: Report.optional(),
  activations: section({ winrm: WinrmSection }).optional(),
  /** The classes that it is there for. Undefined: by its log, else by its keys. */
  serves: list(oneOf(['client', 'server', 'office']), 'classes').optional(),
});

export const HostsSection = list(Host, 'hosts').superRefine(noRepeats('the name', namesOf), BESIDE).prefault([]);

/** Names and aliases share one space: a name that meant two hosts would fold both into one. */
function* namesOf(hosts: readonly { name?: unknown; aliases?: unknown }[]): Iterable<Use> {
  for (const [index, host] of hosts.entries()) {
    yield { word: host?.name, path: [index, 'name'] };
    const aliases: readonly unknown[] = Array.isArray(host?.aliases) ? host.aliases : [];
    for (const [at, alias] of aliases.entries()) yield { word: alias, path: [index, 'aliases', at] };
  }
}
