/**
 * Loaded into the app's main process by NODE_OPTIONS: writes how long its event loop was held up, ten times a second, as lines
 * of `milliseconds since 1970, longest delay in nanoseconds` to the file that NETWRIGHT_BENCH_DELAYS names.
 */
const { appendFileSync } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const file = process.env.NETWRIGHT_BENCH_DELAYS;
// Node's own tools and helpers inherit the environment; only the app's main process is meant.
if (file && process.type === 'browser') {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  setInterval(() => {
    appendFileSync(file, `${Date.now()} ${delays.max}\n`);
    delays.reset();
  }, 100).unref();
}
