import { LabService } from '../../electron/services/labs/lab-service';
import type { LabDependencies } from '../../electron/services/labs/lab-service';
import { labDriver } from './lab-driver';
import { openPracticePlans } from './practice-plans';

/** The same with its labs, read and previewed as `labDriver` does. */
export async function openPracticeLabs(options: Pick<LabDependencies, 'ownKeys'> = {}) {
  const practice = await openPracticePlans();
  const { runner, inventory, hosts, plans } = practice;
  const labs = new LabService({ inventory, hosts, ...options });
  /** By hand, with the host read again afterwards. */
  const virsh = async (...words: string[]): Promise<void> => {
    const { exitCode, stderr } = await runner.run({ argv: ['virsh', '-c', 'qemu:///system', ...words] });
    if (exitCode !== 0) throw new Error(stderr);
    await inventory.refresh('h', 'all');
  };
  return { ...practice, labs, virsh, ...labDriver(labs, plans) };
}
