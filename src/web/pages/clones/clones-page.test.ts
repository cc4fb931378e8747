import { expect, it } from 'vitest';
import { seconds } from '../../../kernel/time.ts';
import { clonesMain } from './clones-page.ts';

function advice(): string {
  const groups = [{ clientId: '11111111-2222-3333-4444-555555555555', since: seconds(0), machines: ['pc-1', 'pc-2'] }];
  return clonesMain({ groups, hasMore: false, reading: new Map(), now: seconds(100) }).text.replaceAll(/<[^>]*>/g, '');
}

it('has each clone activated again, and says when its rearm does nothing', () => {
  expect(advice()).toMatch(/slmgr\.vbs \/rearm, restart it, and run the same with \/ato\./);
  expect(advice()).toContain(
    'SkipRearm is 1 under HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform',
  );
});

it('rearms Office on Windows 7 alone, and runs no program by a script host', () => {
  expect(advice()).toMatch(/On Windows 7, Office .* run ospprearm\.exe in the folder of Office/);
  expect(advice()).not.toMatch(/cscript [^ ]+ ?ospprearm/);
});
