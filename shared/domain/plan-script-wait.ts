import type { PlanStep } from './plan';
import { quoteArgv, quoteWord } from './shell-quote';

type Awaited = NonNullable<PlanStep['until']>;

/**
 * What waits, for POSIX sh, by two functions that stand before each call: `ask` runs the command, `has_come` looks. As
 * ConditionWait does in the app: looks for so long, asks again, and gives up with a sentence. sleep(1) of POSIX knows whole
 * seconds only.
 */
export const waitFunction = `# wait_for ATTEMPTS SECONDS SORRY: what was asked for comes later than the answer. Asks again when it doesn't come.
wait_for() {
  attempts=$1
  while :; do
    seconds=$2
    until has_come; do
      if [ "$seconds" -le 0 ]; then break; fi
      seconds=$((seconds - 1))
      sleep 1
    done
    if has_come; then return 0; fi
    attempts=$((attempts - 1))
    if [ "$attempts" -le 0 ]; then break; fi
    ask || true
  done
  printf '%s\\n' "$3" >&2
  return 1
}`;

/** A command in shell that only asks for something, and the wait for it. Needs `waitFunction` before it. */
export function waitingCommand(command: string, { check, patienceMs, attempts, otherwise }: Awaited): string {
  return `ask() {\n${command}\n}\n${hasCome(check)}\nask\nwait_for ${attempts} ${Math.ceil(patienceMs / 1000)} ${quoteWord(otherwise)}`;
}

/** A machine that has gone off has no NIC that runs; an answer that can't be had is none. */
function hasCome(check: Awaited['check']): string {
  const virsh = (...words: string[]): string => quoteArgv(['virsh', '-c', 'qemu:///system', ...words]);
  if (check.kind === 'machine-state') {
    const found = check.state === 'running' ? ['return 0', 'return 1'] : ['return 1', 'return 0'];
    return `has_come() {\n  running=$(${virsh('list', '--uuid')}) || return 1\n  case $running in *${quoteWord(check.uuid)}*) ${found[0]} ;; *) ${found[1]} ;; esac\n}`;
  }
  const { uuid, mac, extent } = check;
  const isOff = `  running=$(${virsh('list', '--uuid')}) || return 1\n  case $running in *${quoteWord(uuid)}*) ;; *) return 0 ;; esac\n`;
  const element = quoteWord(`<mac address='${mac.toLowerCase()}'/>`);
  return `has_come() {
${extent === 'running' ? isOff : ''}  xml=$(${virsh('dumpxml', uuid, ...extent === 'definition' ? ['--inactive'] : [])}) || return 1
  case $xml in *${element}*) return 1 ;; esac
}`;
}
