import type { Carrier } from '../carrier';
import type { CommandRunner } from '../command-runner';
import { sharedLeftovers } from '../process/leftover-processes';
import { openCarrierRunner } from '../process/open-carrier-runner';
import { connectRoute } from './connect-route';
import { hostLabel as labelOf } from './connection-errors';
import { RememberedAnswers } from './remembered-answers';
import { SshCarrier } from './ssh-carrier';
import type { SshRunnerOptions } from './ssh-runner-options';

/** What a first look at a host wants at once: its gather script, its virsh, its event streams. */
const warmShells = 3;

/**
 * Connects to a host, by the servers on the way where there are any, logs in, and finds out what the user may do there.
 * @throws AppError `ssh.*`, `hostkey.*`, `auth.*`, `cancelled`
 */
export async function openSshRunner(options: SshRunnerOptions): Promise<CommandRunner> {
  const { address, port, user, useSudo, signal } = options;
  const hostLabel = labelOf(address, port);
  const answers = new RememberedAnswers(options);
  const { client, password, connectAgain } = await connectRoute({ ...options, askSecret: answers.ask });
  const openFurther = async (more: Partial<SshRunnerOptions>): Promise<Carrier> => {
    const further = await connectAgain({ ...options, ...more, onStep: undefined, signal: undefined });
    return new SshCarrier(further.client, hostLabel);
  };
  const carrier = new SshCarrier(client, hostLabel);
  options.onStep?.('reading');
  return openCarrierRunner(carrier, {
    hostLabel, user, useSudo, warmShells, signal,
    target: `${user}@${address}:${port}`,
    leftovers: options.leftovers ?? sharedLeftovers,
    askSecret: answers.ask,
    loginPassword: password,
    sudoPasswordKeptMs: options.sudoPasswordKeptMs,
    openSilently: () => openFurther(answers.silent),
    // For a terminal that the user opens: what was typed before is used, and the rest may be asked.
    openAnother: () => openFurther({ askSecret: async (question) => await answers.silent.askSecret(question) ?? answers.ask(question) }),
  });
}
