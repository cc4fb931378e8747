import { expect, it } from 'vitest';
import { systemKind } from './system.ts';

it.each([
  ['Windows 11 Enterprise', '', 'windows'],
  ['Microsoft Windows NT Workstation 10.0 (Tablet Edition)', '', 'windows'],
  ['Microsoft Windows NT Advanced Server 6.3', '', 'windows'],
  ['Microsoft Windows NT Workstation 5.1', '', 'before_vista'],
  ['Windows Server® 2008 Standard', '6.0 (6002)', 'windows'],
  ['Windows Vista™ Business', '6.0', 'windows'],
  ['Windows', '10.0.26100.7171', 'windows'],
  ['Windows', '5.1.2600', 'before_vista'],
  ['Windows XP Professional', '5.1 (2600)', 'before_vista'],
  ['Windows Server 2003', '', 'before_vista'],
  ['Windows 2000 Server', '', 'before_vista'],
  ['Windows NT 4.0', '', 'before_vista'],
  ['WindowsXP', '', 'before_vista'],
  ['WindowsServer2003', '', 'before_vista'],
  ['WindowsServer2019', '', 'windows'],
  ['Windows10', '', 'windows'],
  ['Win10 Pro', '', 'windows'],
  ['Win 7', '', 'windows'],
  ['W10', '', 'windows'],
  ['Server 2019', '', 'windows'],
  ['Hyper-V Server 2019', '', 'windows'],
  ['Windows Phone 8.1', '', 'not_windows'],
  ['macOS', '26.1', 'not_windows'],
  ['Darwin', '', 'not_windows'],
  ['pc-linux-gnu', '', 'not_windows'],
  ['Red Hat Enterprise Linux 9', '', 'not_windows'],
  ['iOS/iPadOS', '26.1', 'not_windows'],
  ['Android (fully managed)', '16', 'not_windows'],
  ['NetApp Release 9.13', '', 'not_windows'],
  ['VMware ESXi 8', '', 'not_windows'],
  ['', '', 'unsaid'],
  ['n/a', '', 'unsaid'],
  ['Unknown', '', 'unsaid'],
  ['10.0.26100', '', 'unsaid'],
  ['Enterprise', '', 'unsaid'],
] as const)('%s %s: %s', (system, version, kind) => {
  expect(systemKind(system, version)).toBe(kind);
});

it('takes no time for a text that almost fits', () => {
  expect(systemKind(`${'pro '.repeat(5000)}!`, '')).toBe('not_windows');
});
