import { createDefaultPracticeHost } from '../../electron/transport/practice/default-host';
import { openPracticeRunner } from '../../electron/transport/practice/open-practice-runner';
import { describeHostContract } from './describe-host-contract';

describeHostContract('practice host', () => {
  const host = createDefaultPracticeHost({ latencyMs: 0 });
  const runner = openPracticeRunner(host);
  return Promise.resolve({
    runner,
    uplink: { device: 'eno1', subnet: '192.168.1.0/24' },
    machineXml: (name: string, network: string, mac: string) => Promise.resolve(
      `<domain type='kvm'><name>${name}</name><memory unit='MiB'>128</memory><vcpu>1</vcpu><devices><interface type='network'><mac address='${mac}'/><source network='${network}'/><model type='virtio'/></interface></devices></domain>`),
    // It has booted when it starts.
    untilBooted: () => Promise.resolve(),
    async close() {
      await runner.close();
      host.dispose();
    },
  });
});
