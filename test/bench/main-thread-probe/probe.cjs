/**
 * Loaded into the app's main process by NODE_OPTIONS: watches how long each turn of its event loop takes, and appends, ten
 * times a second, `milliseconds since 1970, longest delay, most processor time` (the latter two in nanoseconds) to the
 * file that NETWRIGHT_BENCH_DELAYS names. Processor time is the main thread's own between two looks (/proc/PID/schedstat:
 * the thread that leads the process), so that waiting for a processor which something else has is not counted.
 */
const { appendFileSync, openSync, readSync } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const file = process.env.NETWRIGHT_BENCH_DELAYS;
// Helpers inherit the environment; only the app's main process is meant.
if (file && process.type === 'browser') {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const statistics = openSync('/proc/self/schedstat', 'r');
  const buffer = Buffer.alloc(64);
  const processorTime = () => Number(buffer.toString('latin1', 0, readSync(statistics, buffer, 0, 64, 0)).split(' ')[0]);
  let before = processorTime();
  let most = 0;
  setInterval(() => {
    const now = processorTime();
    most = Math.max(most, now - before);
    before = now;
  }, 1).unref();
  setInterval(() => {
    appendFileSync(file, `${Date.now()} ${delays.max} ${most}\n`);
    delays.reset();
    most = 0;
  }, 100).unref();
}
