import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemSleep } from '../../electron/services/plans/plan-clock';
import { openSshRunner } from '../../electron/transport/ssh/open-ssh-runner';
import { LabHost, labKeyPath } from '../lab/lab';
import { describeConversionContract } from './conversion-cases';

/** The same cases on a real host, over SSH, by the NIC that carries it. */
describeConversionContract('lab host over SSH', async () => {
  const lab = await LabHost.up('rh-contract');
  const folder = await mkdtemp(join(tmpdir(), 'netwright-contract-'));
  const userFile = join(folder, 'known_hosts');
  await writeFile(userFile, await lab.knownHostsLine());
  return {
    nic: 'enp1s0',
    connect: () => openSshRunner({
      address: lab.address, port: 22, user: 'root', auth: [{ kind: 'key', path: labKeyPath }], useSudo: false, homeDirectory: folder,
      hostKey: { userFile, systemFiles: [], confirmUnknown: () => Promise.resolve(false) }, askSecret: () => Promise.resolve(null),
    }),
    clock: { now: () => new Date(), sleep: systemSleep },
    async close() {
      await rm(folder, { recursive: true, force: true });
      await lab.down();
    },
  };
});
