'use strict';
// Loaded before the agent's own modules: measures the delay of its event loop, without a word of it in the agent.
// Threads load it too, which is why it does nothing there.
const { isMainThread } = require('node:worker_threads');
const { monitorEventLoopDelay, performance } = require('node:perf_hooks');

const RESOLUTION_MS = 5;

if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  process.on('message', (message) => {
    if (message === 'reset') delay.reset();
    // The histogram has the time from one look to the next.
    const beyond = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    process.send({
      p999: beyond(delay.percentile(99.9)),
      max: beyond(delay.max),
      count: delay.count,
      // Milliseconds in which the main thread had something to do, since it started.
      active: performance.eventLoopUtilization().active,
      // Milliseconds of CPU time of the main thread, which does not grow when others keep it waiting.
      cpu: cpuTime(),
    });
  });
  process.channel.unref();
  const cpuTime = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
}
