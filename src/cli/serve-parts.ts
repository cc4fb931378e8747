/** What the agent is made of, apart from its store: it takes longer to load than the store's thread to start. */
export { AgentTime } from '../agent/agent-time.ts';
export { DamageWatch } from '../agent/damage-watch.ts';
export { Service } from '../agent/service.ts';
export { KeptSocket } from '../command-socket/kept-socket.ts';
