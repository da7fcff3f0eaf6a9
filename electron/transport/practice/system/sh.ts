import { sayCommand } from '../../../commands/conversion/engine-commands';
import { listTransactionsCommand } from '../../../commands/conversion/list-transactions';
import { loginFactsCommand } from '../../../commands/conversion/login-facts';
import { readKeptCommand } from '../../../commands/conversion/read-kept';
import { switchPortsArgv } from '../../../commands/network-config/surroundings';
import { runEngine, stage, takeWord } from '../conversion/engine';
import { keptListing, listing } from '../conversion/transaction-files';
import { runScript } from '../shell/run-script';
import { routerImages } from './router-images';
import { fail, succeed } from '../world';
import type { Tool, World } from '../world';

const scriptOf = (argv: readonly string[]): string => argv[2] ?? '';
const sayScript = scriptOf(sayCommand('00000000', '', { word: 'go' }).argv);

/**
 * sh(1): a script by `-c` or standard input, or the engine of a conversion. Scripts of the app that need more of a shell than
 * there is here are known by their text.
 */
export const sh: Tool = (world, [option = '', ...args], stdin) => {
  if (option === '-s') return routerImages(world, args, stdin) ?? stage(world, stdin) ?? runScript(world, stdin);
  if (option !== '-c') return runEngine(world, option, args[0] ?? '') ?? fail(2, `sh: 0: cannot open ${option}: No such file\n`);
  const [script = '', inbox = '', word = ''] = args;
  switch (script) {
    case scriptOf(listTransactionsCommand.argv): return succeed(listing(world));
    case scriptOf(loginFactsCommand.argv): return succeed(`0\n${world.run(['printenv', 'SSH_CONNECTION']).stdout || '\n'}`);
    case switchPortsArgv[2]: return succeed(switchPorts(world));
    case sayScript: return takeWord(world, inbox, word, stdin);
    default: {
      const kept = world.state.transactions?.find(({ id }) => scriptOf(readKeptCommand(id).argv) === script);
      return kept ? succeed(keptListing(world, kept)) : runScript(world, script);
    }
  }
};

/** Bridge and port, a line each. */
function switchPorts(world: World): string {
  const namesOf = (argv: readonly string[]): string[] => world.run(argv).stdout.split('\n').filter((name) => name !== '');
  return namesOf(['ovs-vsctl', 'list-br']).flatMap((bridge) => namesOf(['ovs-vsctl', 'list-ports', bridge]).map((port) => `${bridge} ${port}\n`)).join('');
}
