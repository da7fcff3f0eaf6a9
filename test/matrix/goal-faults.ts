import { waitFor } from '../lab/run-process';
import { appKilledInTrial, convert, hold, powerCutWhileApplying, same, supervisorKilled, type ConversionFault } from './conversion-fault';
import { labGoals, type LabGoal } from './conversion-goals';
import { patient, quick, type ConversionLab } from './conversion-lab';

type OtherGoal = Exclude<LabGoal, 'bridge'>;

/** The NIC has the address and the way to the LAN's gateway, and there is no bridge. */
async function untilNicCarries(lab: ConversionLab, address: string): Promise<void> {
  const look = `ip -o -4 addr show dev enp1s0; ip route show default; ip -br link show br0 2>&1; ping -c 1 -W 1 10.77.0.1 >/dev/null && echo answers`;
  let found = '';
  await waitFor(`${address} on the NIC`, 30_000, async () => {
    found = (await lab.host.exec(look)).stdout;
    return found.includes(` ${address}/24`) && found.includes('default via 10.77.0.1 dev enp1s0') && found.includes('does not exist') && found.includes('answers');
  }).catch((error: Error) => { throw new Error(`${error.message}:\n${found}`); });
}

/** Where the host is afterwards. */
const addressAfter = (lab: ConversionLab, goal: OtherGoal): string => (goal === 'readdress' ? lab.moved : lab.host.address);

const faultsOf = (goal: OtherGoal): ConversionFault[] => [
  {
    name: 'the power goes as soon as it is DONE', goal, expected: 'what is new returns', leaves: 'nic',
    run: async (lab) => {
      same((await convert(lab, {}, patient)).state, 'DONE');
      const after = addressAfter(lab, goal);
      await untilNicCarries(lab, after);
      await lab.host.reboot({ hard: true, leased: false });
      await untilNicCarries(lab, after);
      same(await lab.state(), 'DONE');
      await lab.untilTidy();
    },
  },
  {
    name: 'the app is killed during the trial', goal, expected: 'reverts at T', leaves: 'before',
    run: appKilledInTrial,
  },
  {
    name: 'the supervisor is SIGKILLed', goal, expected: 'the timer reverts', leaves: 'before',
    // A host that has moved takes longer to be found.
    run: (lab) => supervisorKilled(lab, { ...quick, trialSeconds: 25 }),
  },
  {
    name: 'the power goes in the trial', goal, expected: 'what was before comes up', leaves: 'before',
    run: async (lab) => {
      await hold(lab);
      await lab.host.reboot({ hard: true });
      await lab.untilReached();
      same(await lab.state(), 'REVERTED');
    },
  },
  {
    name: 'the power goes in the middle of the change', goal, expected: 'what was before comes up', leaves: 'before',
    run: powerCutWhileApplying,
  },
];

/** Power cuts and kills while the engine does something else than to make a bridge. */
export const goalFaults: readonly ConversionFault[] = (Object.keys(labGoals) as LabGoal[]).flatMap((goal) => (goal === 'bridge' ? [] : faultsOf(goal)));
