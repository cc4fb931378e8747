import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import { textAnswer } from './api/route-doc.ts';
import type { Access } from './web-backend.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Brings its own token, so that no user's password is asked for. */
    ownAuthentication?: true;
    /** A page, which may be switched off; or names of machines, which not everybody may see. */
    shows?: 'page' | 'machines';
  }
  interface FastifyRequest {
    /** Who asks, once the password was found right; undefined where nobody is asked for one. */
    user: string | undefined;
  }
}

/**
 * For a page that tells nothing of this estate, such as a runbook. Alerts lead to it, so it is there for everybody who may
 * ask at all, and even while the other pages are switched off.
 */
export const PUBLIC_PAGE: FastifyContextConfig = {
  doc: {
    summary: 'A page for people',
    answers: {
      200: textAnswer('The page', 'text/html'),
      302: { description: 'A redirect to another page' },
      400: textAnswer('A page that names the filter that is not valid', 'text/html'),
      404: textAnswer('A page that says that it does not exist, and possible reasons', 'text/html'),
      503: textAnswer('A page that says that the store cannot be read', 'text/html'),
    },
  },
};

/** For the route of any other page: `app.get('/leases', { config: PAGE }, ...)`. The gate then lets nobody else in. */
export const PAGE: FastifyContextConfig = { ...PUBLIC_PAGE, shows: 'page' };

/** For what any page loads: style, script, icon. @param type without parameters */
export function publicFile(summary: string, type: string): FastifyContextConfig {
  return { doc: { summary, answers: { 200: textAnswer(summary, type) } } };
}

/** For a file that belongs to a page, and that the same people may see. @param type without parameters */
export function pageFile(summary: string, type: string): FastifyContextConfig {
  return { ...publicFile(summary, type), shows: 'page' };
}

/** For a route that tells names of machines and is no page. */
export const MACHINES = { shows: 'machines' } as const satisfies FastifyContextConfig;

/** `off`: there are no pages; `forbidden`: there are, but not for this caller. */
export type PageAccess = 'open' | 'off' | 'forbidden';

/**
 * Whether the caller may see the pages, and the names of machines, as `web.pages` has it. Routes with `PAGE` need not
 * ask; it is for what a page or an answer shows to some only, such as a link to the leases.
 */
export function pageAccess(request: Pick<FastifyRequest, 'user'>, { pages }: Access): PageAccess {
  if (!pages.enabled) return 'off';
  return maySeeMachines(request, { pages }) ? 'open' : 'forbidden';
}

/** Whether the caller may see the names of machines: `web.pages.users` names them, and an empty list everybody. */
export function maySeeMachines({ user }: Pick<FastifyRequest, 'user'>, { pages }: Pick<Access, 'pages'>): boolean {
  return pages.users.length === 0 || (user !== undefined && pages.users.includes(user));
}
