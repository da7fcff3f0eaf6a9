import { afterAll, beforeAll, describe, it } from 'vitest';
import { runConversionFault } from '../matrix/conversion-fault';
import { conversionFaults } from '../matrix/conversion-faults';
import { ConversionLab } from '../matrix/conversion-lab';

/** Of all that `node test/matrix/conversions.mjs` tries: each part of the engine once. */
const essential = [
  'nothing goes wrong, for a user of sudo', 'the app is killed during the trial', 'confirmed at T', 'the supervisor is SIGKILLed',
  'the power goes while the files are made lasting', 'a firewall drops new SSH connections', 'a second conversion is begun', 'the stack\'s own way back fails',
];

describe.each(['networkd', 'ifupdown'] as const)('a conversion on %s', (stack) => {
  let lab: ConversionLab;
  beforeAll(async () => { lab = await ConversionLab.up(`convert-${stack}`, stack); });
  afterAll(() => lab?.down());

  // Half of them on each: the engine is the same, and the matrix has them all.
  const names = essential.filter((_name, index) => index === 0 || (index % 2 === 0) === (stack === 'networkd'));
  it.each(names)('%s', async (name) => {
    const fault = conversionFaults.find((candidate) => candidate.name === name)!;
    await runConversionFault(fault, lab);
    if (fault.leaves === 'bridge') await lab.startAgain();
  });
});
