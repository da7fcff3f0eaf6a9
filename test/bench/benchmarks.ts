import type { BenchContext } from './bench-context';
import { measureHandshake } from './connect-handshake';
import { measureConnect } from './connect-to-inventory';
import { measureConversionGap } from './conversion-gap';
import { measureEditOfOne } from './edit-one-of-many';
import { measureIdle } from './idle-commands';
import { measureLabs } from './labs';
import { measureLongLists } from './long-lists';
import { measureManyHosts } from './many-hosts';
import { measureMemory } from './memory';
import { measureOutsideChange } from './outside-change-to-row';
import { measureRefresh } from './refresh-after-event';
import { measurePlugNic } from './plug-nic';
import type { BenchmarkReport } from './report';
import { measureSecondStart } from './second-start';
import { measureStartToPaint } from './start-to-paint';
import { measureTerminal } from './terminal-throughput';

export interface Benchmark {
  /** As given to `npm run bench -- NAME`. */
  name: string;
  title: string;
  needsLab: boolean;
  measure(context: BenchContext): Promise<BenchmarkReport>;
}

export const benchmarks: readonly Benchmark[] = [
  { name: 'start', title: 'Starting', needsLab: false, measure: measureStartToPaint },
  { name: 'second-start', title: 'Starting again', needsLab: false, measure: measureSecondStart },
  { name: 'terminal', title: 'Terminal', needsLab: false, measure: measureTerminal },
  { name: 'long-lists', title: 'Long lists', needsLab: false, measure: measureLongLists },
  { name: 'handshake', title: 'Handshakes', needsLab: true, measure: measureHandshake },
  { name: 'connect', title: 'Connecting', needsLab: true, measure: measureConnect },
  { name: 'many-hosts', title: 'Many hosts at start', needsLab: true, measure: measureManyHosts },
  { name: 'refresh', title: 'Following events', needsLab: true, measure: measureRefresh },
  { name: 'outside-change', title: 'Changes from outside', needsLab: true, measure: measureOutsideChange },
  { name: 'edit-of-one', title: 'One network of many', needsLab: false, measure: measureEditOfOne },
  { name: 'plug-nic', title: 'Plugging a NIC', needsLab: true, measure: measurePlugNic },
  { name: 'labs', title: 'Labs', needsLab: true, measure: measureLabs },
  { name: 'conversion-gap', title: 'Converting a NIC', needsLab: true, measure: measureConversionGap },
  { name: 'idle', title: 'Doing nothing', needsLab: true, measure: measureIdle },
  { name: 'memory', title: 'Memory', needsLab: true, measure: measureMemory },
];
