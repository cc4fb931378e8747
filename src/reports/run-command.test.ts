import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { FOREVER, PATIENT } from '../../test/support/patient.ts';
import { slowness } from '../../test/support/slowness.ts';
import { formatDuration } from '../kernel/duration.ts';
import { millis, SECOND_MS } from '../kernel/time.ts';
import { type CommandOptions, runCommand } from './run-command.ts';

const LIMIT = 100_000;

function run(argv: readonly string[], options: Partial<CommandOptions> = {}) {
  const { signal } = new AbortController();
  return runCommand(argv, { timeout: FOREVER, limit: LIMIT, redact: async (text) => text, signal, ...options });
}

/** As a shell that the administrator named runs it. */
function script(text: string, options: Partial<CommandOptions> = {}) {
  return run(['/bin/sh', '-c', text], options);
}

async function textOf(running: ReturnType<typeof run>): Promise<string> {
  const ended = await running;
  return ended.ok ? `read ${ended.value}` : ended.error.text;
}

/** Whether the process lives; one that has ended and was not waited for does not. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a command', () => {
  it('gives its output as octets, whatever it writes to standard error', async () => {
    const ended = await script("printf '\\377\\376a'; echo oops >&2");
    expect(ended).toEqual({ ok: true, value: Buffer.from([0xff, 0xfe, 0x61]) });
  });

  it('gets its arguments as they are, and no input', async () => {
    const argv = [
      process.execPath,
      '-e',
      'process.stdout.write(JSON.stringify(process.argv.slice(1)))',
      '$(id)',
      'a b;"',
    ];
    expect(await textOf(run(argv))).toBe('read ["$(id)","a b;\\""]');
    expect(await textOf(run(['cat']))).toBe('read ');
  });

  it('that fails is reported with its code and the end of what it said', async () => {
    const long =
      "i=0; while [ $i -lt 500 ]; do echo line $i >&2; i=$((i+1)); done; printf 'bad\\007\\n thing' >&2; exit 3";
    const text = await textOf(script(long));
    expect(text).toMatch(/^the command \/bin\/sh exited with code 3: \.\.\./);
    expect(text).toMatch(/line 498 line 499 bad thing$/);
    expect(text.length).toBeLessThan(500);
  });

  it('that cannot be started, or is killed, is reported so', async () => {
    expect(await textOf(run(['/nonexistent/ssh', 'kms01']))).toContain('cannot be started: there is no such program');
    expect(await textOf(run(['/etc/passwd']))).toContain('the user that runs kmswatch has no right to execute it');
    expect(await textOf(script('kill -9 $$'))).toContain('was killed by SIGKILL');
  });

  it('that writes without end is ended at its limit', async () => {
    expect(await textOf(run(['yes']))).toContain(`wrote more than ${LIMIT} bytes`);
  });

  it('that fills standard error stalls nobody', async () => {
    expect(await textOf(script('yes | head -c 3000000 >&2; echo done'))).toBe('read done\n');
  });

  it('shows no secret of the configuration, even one at the edge of what is shown', async () => {
    const secret = 'Pa55-w0rd-of-the-agent';
    const text = await textOf(
      script(`printf '%s' '${secret}${'x'.repeat(390)}' >&2; exit 1`, {
        redact: async (said) => said.replaceAll(secret, '<secret>'),
      }),
    );
    expect(text).not.toContain('agent');
    expect(text).toContain('x'.repeat(300));
  });
});

describe('at the deadline', () => {
  it('a command is ended with all that it started', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kmswatch-command-'));
    const pids = join(folder, 'pids');
    // All that it starts has to be there by then, on a busy machine too.
    const timeout = millis(Math.ceil(1.5 * slowness()) * SECOND_MS);
    const text = await textOf(
      script(`echo $$ >> ${pids}; (echo waits >&2; sh -c 'echo $$ >> ${pids}; sleep 300; true'; true) & sleep 300`, {
        timeout,
      }),
    );
    expect(text).toBe(`the command /bin/sh did not finish within ${formatDuration(timeout)}: waits`);
    const [own = 0, child = 0] = (await readFile(pids, 'utf8')).trim().split('\n').map(Number);
    expect([own > 0, child > 0]).toEqual([true, true]);
    await vi.waitFor(() => expect([lives(own), lives(child)]).toEqual([false, false]), PATIENT);
    await rm(folder, { recursive: true });
  });

  it('and at an abort too', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 200);
    expect(await script('sleep 600', { signal: abort.signal })).toMatchObject({ error: { reason: 'aborted' } });
    expect(await script('sleep 300', { signal: AbortSignal.abort() })).toMatchObject({ error: { reason: 'aborted' } });
  });
});

describe('what a command leaves behind', () => {
  it('ends with it, and its output is not waited for', async () => {
    expect(await textOf(script('sleep 600 & echo {}'))).toBe('read {}\n');
    const text = await textOf(script('setsid sleep 600 & echo "pid $!"'));
    expect(text).toMatch(/^read pid \d+\n$/);
    // It is out of the command's group, and so it is left to run.
    process.kill(Number(text.slice('read pid '.length)), 'SIGKILL');
  });
});
