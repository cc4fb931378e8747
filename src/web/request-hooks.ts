import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../kernel/clock.ts';
import { MINUTE_MS } from '../kernel/time.ts';
import { basicCredentials } from './auth/basic.ts';
import { TokenBucket } from './auth/token-bucket.ts';
import { isCrossOrigin } from './cross-origin.ts';
import { maySeeMachines, pageAccess } from './page-access.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import type { Access, WebBackend } from './web-backend.ts';

/** Milliseconds for a client to take an answer, or the next part of a long one: one that reads slower is cut off. */
const ANSWER_TIMEOUT = MINUTE_MS;

/**
 * What every request passes before its route, the unknown ones too: the rate limit, the refusal of cross-origin
 * changes, the password, and who may see pages and machines. It also sees to the headers that every answer has.
 */
export function addRequestHooks(app: FastifyInstance, backend: WebBackend, clock: Clock): void {
  let bucket: TokenBucket | undefined;
  app.decorateRequest('user', undefined);
  // By callbacks: a hook that is async costs each request some promises, though few ever wait.
  app.addHook('onRequest', (request, reply, done) => {
    const access = backend.access();
    bucket = bucketFor(access, bucket, clock);
    const wait = bucket?.take();
    if (wait !== undefined)
      return void refuse(reply.header('Retry-After', Math.ceil(wait / 1000)), 429, 'Too many requests.');
    if (hasTwoHosts(request)) return void refuse(reply, 400, 'The request has more than one Host header.');
    if (isCrossOrigin(request)) return void refuse(reply, 403, 'Cross-origin requests cannot change anything here.');
    const goOn = (): void => {
      if (checkAudience(access, request, reply) === undefined) done();
    };
    if (access.settings.users.size === 0 || request.routeOptions.config.ownAuthentication) return goOn();
    askPassword(access, request, reply)
      .then((refusal) => refusal ?? goOn())
      .catch(done);
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    setHeaders(backend.access(), request, reply);
    limitAnswer(reply);
    done();
  });
}

/** RFC 9112 3.2: a proxy may have gone by the other one. In HTTP/2, `:authority` counts. */
function hasTwoHosts({ raw }: FastifyRequest): boolean {
  const names = (raw.rawHeaders ?? []).filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host');
  return raw.httpVersionMajor < 2 && names.length > 1;
}

/** A changed limit begins again. */
function bucketFor({ settings }: Access, bucket: TokenBucket | undefined, clock: Clock): TokenBucket | undefined {
  const { rateLimit } = settings;
  if (rateLimit === undefined) return undefined;
  const same = bucket?.rate.interval === rateLimit.interval && bucket.rate.burst === rateLimit.burst;
  return same ? bucket : new TokenBucket(rateLimit, clock);
}

/** @returns the refusal that was sent; undefined for a request that may go on */
async function askPassword(
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const credentials = basicCredentials(request.headers.authorization);
  const verdict = credentials === undefined ? 'wrong' : await access.checkPassword(credentials);
  if (verdict === 'busy') return refuse(reply.header('Retry-After', 1), 503, 'Too many login attempts at once.');
  if (verdict === 'right') {
    request.user = credentials?.user;
    return undefined;
  }
  return refuse(reply.header('WWW-Authenticate', 'Basic realm="kmswatch", charset="UTF-8"'), 401, 'Unauthorized.');
}

function checkAudience(access: Access, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const { shows } = request.routeOptions.config;
  if (shows === undefined) return undefined;
  if (shows === 'page' && pageAccess(request, access) === 'off') {
    return refuse(reply, 404, 'The pages are switched off (web.pages.enabled).');
  }
  return maySeeMachines(request, access)
    ? undefined
    : refuse(reply, 403, 'Only the users in web.pages.users may see names of machines.');
}

function refuse(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`);
}

const USUAL = Object.entries(SECURITY_HEADERS);

/** Those of the configuration replace those of the route, and these the usual ones. */
function setHeaders({ settings }: Access, request: FastifyRequest, reply: FastifyReply): void {
  for (const [name, value] of USUAL) {
    if (!reply.hasHeader(name)) reply.header(name, value);
  }
  for (const [name, value] of settings.headers) reply.header(name, value);
  // RFC 9113 8.2.2: HTTP/2 has none.
  if (request.raw.httpVersionMajor >= 2) reply.removeHeader('connection');
}

function limitAnswer(reply: FastifyReply): void {
  const timer = setTimeout(() => reply.raw.destroy(), ANSWER_TIMEOUT).unref();
  // Only an answer that is made as it is taken waits for this.
  reply.raw.on('drain', () => timer.refresh()).once('close', () => clearTimeout(timer));
}
