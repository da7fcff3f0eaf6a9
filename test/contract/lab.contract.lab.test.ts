import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { installKernel } from '../lab/host-kernel';
import { LabHost, labKeyPath } from '../lab/lab';
import { runProcessOrThrow } from '../lab/run-process';
import { describeHostContract } from './describe-host-contract';

/** The same cases on a real host, over SSH. Runs inside network namespace lab-client, as all lab tests. */
describeHostContract('lab host over SSH', async () => {
  const lab = await LabHost.up('contract');
  await installKernel(lab);
  const folder = await mkdtemp(join(tmpdir(), 'netwright-contract-'));
  const runner = await openSshRunner({
    address: lab.address, port: 22, user: 'root', auth: [{ kind: 'key', path: labKeyPath }], useSudo: false,
    hostKey: { userFile: join(folder, 'known_hosts'), systemFiles: [], confirmUnknown: () => Promise.resolve(true) },
    askSecret: () => Promise.resolve(null),
  });
  return {
    runner,
    uplink: { device: 'enp1s0', subnet: '10.77.0.0/24' },
    machineXml: (name, network, mac) => runProcessOrThrow([fileURLToPath(new URL('../lab/guest-xml', import.meta.url)), name, network, '', `<mac address='${mac}'/>`]),
    untilBooted: async (name) => { await lab.waitForGuestLine(name, /LAB done/); },
    async close() {
      await runner.close();
      await rm(folder, { recursive: true, force: true });
      await lab.down();
    },
  };
});
