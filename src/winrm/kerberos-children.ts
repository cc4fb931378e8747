import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { readBounded } from '../config/read-bounded.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { MINUTE_MS } from '../kernel/time.ts';
import { workerUrl } from '../kernel/worker.ts';
import type { KerberosLogin, KerberosLogins, KerberosStep } from './kerberos-logins.ts';
import type { KerberosAnswer, KerberosQuestion } from './kerberos-protocol.ts';
import { oneLine } from './texts.ts';

const MAX_KEYTAB_BYTES = 1024 * 1024;
const MAX_PROBLEM = 300;

/** Milliseconds without a login after which a process ends; its tickets are got again when they are needed. */
const IDLE = 10 * MINUTE_MS;

/** Of the environment, what libkrb5 needs to find its configuration and its libraries. */
const PASSED_ON = [
  'KRB5_CONFIG',
  'KRB5_TRACE',
  'LD_LIBRARY_PATH',
  'PATH',
  'LANG',
  'TZ',
  'NODE_EXTRA_CA_CERTS',
] as const;

type Step = Result<KerberosStep, string>;

/** A process for each keytab: its environment names that keytab alone, and its tickets are in its own memory. */
export function createKerberosLogins(): KerberosLogins {
  const children = new Map<string, KerberosChild>();
  return {
    async begin({ principal, keytabFile }, service) {
      const keytab = await readBounded(keytabFile, MAX_KEYTAB_BYTES);
      if (!keytab.ok) return err(`cannot read the keytab ${keytabFile}: ${keytab.error}`);
      // A keytab with other content has other keys: what was got with the old ones is left behind.
      const key = createHash('sha256').update(`${keytabFile}\0${principal}\0`).update(keytab.value).digest('hex');
      let child = children.get(key);
      if (child === undefined || child.ended) {
        const made = new KerberosChild(keytabFile, () => {
          if (children.get(key) === made) children.delete(key);
        });
        child = made;
        children.set(key, made);
      }
      return ok(child.login(service, principal));
    },
    close() {
      for (const child of children.values()) child.end();
      children.clear();
    },
  };
}

class KerberosChild {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (step: Step) => void>();
  readonly #idle: NodeJS.Timeout;
  #logins = 0;
  #questions = 0;
  ended = false;

  constructor(keytabFile: string, onEnd: () => void) {
    this.#process = fork(fileURLToPath(workerUrl('./kerberos-child', import.meta.url)), {
      env: environment(keytabFile),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    // It must not keep a program alive that is done.
    this.#process.unref();
    this.#process.channel?.unref();
    this.#process.on('message', (answer: KerberosAnswer) => this.#take(answer));
    const over = (): void => {
      this.#end('the process that holds the Kerberos tickets has exited');
      onEnd();
    };
    this.#process.once('exit', over).once('error', over);
    this.#idle = setTimeout(() => this.end(), IDLE);
    this.#idle.unref();
  }

  login(service: string, principal: string): KerberosLogin {
    this.#logins += 1;
    const login = this.#logins;
    return {
      step: (challenge) => this.#ask({ login, service, principal, challenge }),
      end: () => this.#send({ id: 0, login, service, principal, challenge: undefined }),
    };
  }

  end(): void {
    this.#end('it was cancelled');
    this.#process.kill();
  }

  #ask(question: Omit<KerberosQuestion, 'id'>): Promise<Step> {
    this.#idle.refresh();
    if (this.ended)
      return Promise.resolve(
        err('the process that holds the Kerberos tickets has exited: the next try starts another'),
      );
    this.#questions += 1;
    const id = this.#questions;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send({ ...question, id });
    });
  }

  #send(question: KerberosQuestion): void {
    if (!this.ended && this.#process.connected) this.#process.send(question, () => {});
  }

  #take(answer: KerberosAnswer): void {
    const resolve = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    resolve?.('problem' in answer ? err(oneLine(answer.problem, MAX_PROBLEM)) : ok(answer));
  }

  #end(why: string): void {
    this.ended = true;
    clearTimeout(this.#idle);
    for (const resolve of this.#waiting.values()) resolve(err(why));
    this.#waiting.clear();
  }
}

function environment(keytabFile: string): NodeJS.ProcessEnv {
  const passed = PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...Object.fromEntries(passed),
    KRB5_CLIENT_KTNAME: `FILE:${keytabFile}`,
    // A server's keytab of this machine is nobody's business here.
    KRB5_KTNAME: 'MEMORY:none',
    KRB5CCNAME: 'MEMORY:kmswatch',
    // A key distribution centre that does not answer holds a thread for its own deadline.
    UV_THREADPOOL_SIZE: '32',
  };
}
