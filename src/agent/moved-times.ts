import type { AgentSnapshot } from '../conditions/agent-snapshot.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import { type Millis, millis } from '../kernel/time.ts';

/** The same estate, with every time of the agent moved by this many milliseconds; ages stay. */
export function estateMoved(estate: EstateSnapshot, by: number): EstateSnapshot {
  if (by === 0) return estate;
  const moved = (time: Millis): Millis => millis(Math.round(time + by));
  const ifAny = (time: Millis | undefined): Millis | undefined => (time === undefined ? undefined : moved(time));
  return {
    ...estate,
    at: moved(estate.at),
    domains: estate.domains.map((domain) => ({
      ...domain,
      lookups: domain.lookups.map(({ last, ...lookup }) => ({
        ...lookup,
        last: last && { ...last, at: moved(last.at) },
      })),
    })),
    hosts: estate.hosts.map(({ report, subscription, ...host }) => ({
      ...host,
      report: report && { ...report, logRead: ifAny(report.logRead) },
      subscription: subscription && { ...subscription, lastAnswer: ifAny(subscription.lastAnswer) },
    })),
    endpoints: estate.endpoints.map(({ probe, lastProbe, ...endpoint }) => ({
      ...endpoint,
      probe: probe && { ...probe, at: moved(probe.at) },
      lastProbe: ifAny(lastProbe),
    })),
  };
}

/** The same of all that the agent knows. */
export function snapshotMoved<T extends { readonly estate: EstateSnapshot; readonly agent: AgentSnapshot }>(
  snapshot: T,
  by: number,
): T {
  return { ...snapshot, estate: estateMoved(snapshot.estate, by), agent: agentMoved(snapshot.agent, by) };
}

function agentMoved(agent: AgentSnapshot, by: number): AgentSnapshot {
  if (by === 0) return agent;
  const loops = agent.loops.map(({ lastEnd, ...loop }) => ({
    ...loop,
    lastEnd: lastEnd === undefined ? undefined : millis(Math.round(lastEnd + by)),
  }));
  return { ...agent, loops };
}
