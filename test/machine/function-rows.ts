import { same, type KindGroup } from './kind-row';
import { guest, type KindsLab } from './kinds-lab';

/** The machine's last NIC. */
const card = 'enp3s0';
const mac = '52:54:00:aa:00:09';

export const functionRows: KindGroup = {
  title: 'Virtual functions',
  about: `The card shows no function until somebody switches them on, as its host's administrator does.`,
  rows: [
    {
      name: '`create sriov …` before functions are switched on',
      run: async (lab) => {
        const { code, stderr } = await lab.type('create sriov', 'pool', '--yes');
        same('It ends with', code, 4);
        return stderr.trim();
      },
    },
    {
      name: `\`echo 4 > /sys/class/net/${card}/device/sriov_numvfs\``,
      run: async (lab) => {
        await lab.host.execOrThrow(`ip link set ${card} up; echo 4 > /sys/class/net/${card}/device/sriov_numvfs`);
        const device = (await lab.snapshot()).interfaces.find(({ name }) => name === card);
        same('The app', device?.virtualFunctions, 4);
        return `the app sees ${device?.virtualFunctions} functions of ${card}`;
      },
    },
  ],
};
void [guest, mac, {} as KindsLab];
