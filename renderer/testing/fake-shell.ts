/** A shell made of a few answers, behind the same bytes as a real one: echo, line editing, prompts, colours, a flood. */

export interface FakeShellPorts {
  /** Where what it prints goes. */
  print(text: string): void;
  /** It ended: `exit 3`, Ctrl D. */
  end(exitCode: number): void;
}

const esc = '\x1b[';
const paint = (code: string, text: string): string => `${esc}${code}m${text}${esc}0m`;
const ansiNames = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** All sixteen colours as text, and as grounds. */
const colours = (): string => ansiNames.map((name, index) =>
  `${paint(`${30 + index}`, name.padEnd(9))}${paint(`${90 + index}`, `bright ${name}`.padEnd(16))}${paint(`${40 + index}`, ` on ${name} `.padEnd(14))}${paint('1', 'bold')} ${paint(`4;${30 + index}`, 'underlined')}`).join('\n');

const interfaces = [
  `lo               ${paint('36', 'UNKNOWN')}        ${paint('35', '127.0.0.1')}/8 ${paint('34', '::1')}/128`,
  `enp3s0           ${paint('32', 'UP')}`,
  `br0              ${paint('32', 'UP')}             ${paint('35', '10.0.0.12')}/24 ${paint('34', 'fd00:db8:1::12')}/64`,
  `virbr0           ${paint('32', 'UP')}             ${paint('35', '192.168.122.1')}/24`,
  `virbr1           ${paint('31', 'DOWN')}           ${paint('35', '10.20.30.1')}/24`,
  `vnet0@virbr0     ${paint('32', 'UP')}`,
].join('\n');

const networks = [
  ' Name       State      Autostart   Persistent', '------------------------------------------------',
  ' default    active     yes         yes', ' lab-dmz    active     yes         yes', ' sandbox    inactive   no          yes',
].join('\n');

const fixed: Record<string, string> = {
  'ip -br addr': interfaces, 'ip -br -c addr': interfaces, 'virsh net-list --all': networks, colours: colours(),
  'uname -a': 'Linux attic 6.1.0-26-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.112-1 x86_64 GNU/Linux',
  'ls /etc/libvirt/qemu/networks': `${paint('1;34', 'autostart')}  default.xml  lab-dmz.xml  sandbox.xml`,
  links: 'See https://libvirt.org/formatnetwork.html and http://attic.home.arpa:8080/metrics for more.',
  wide: '漢字かな混じり文  한국어  é à ü  👍🏽  │┌─┐└┘├┤ ░▒▓█ ✓ ✗ → ←',
};

/** Lines of a flood, like those of a verbose build. */
const flood = (lines: number): string => Array.from({ length: lines }, (_, index) => `${String(index + 1).padStart(7)}  the quick brown fox jumps over the lazy dog`).join('\r\n');

export class FakeShell {
  private line = '';
  private readonly prompt: string;

  constructor(user: string, host: string, private readonly ports: FakeShellPorts) {
    this.prompt = `${esc}?2004h${paint('1;32', `${user}@${host}`)}:${paint('1;34', '~')}${user === 'root' ? '#' : '$'} `;
  }

  greet(typed: string | null): void {
    this.ports.print(this.prompt);
    for (const key of typed ?? '') this.key(key);
  }

  input(data: string): void {
    // Bracketed paste: put on the command line, not run.
    const text = data.replaceAll('\x1b[200~', '').replaceAll('\x1b[201~', '');
    if (text === data) for (const key of data) this.key(key);
    else this.insert(text.replaceAll('\r', ' '));
  }

  private insert(text: string): void {
    this.line += text;
    this.ports.print(text);
  }

  private key(key: string): void {
    switch (key) {
      case '\r': {
        const { line } = this;
        this.line = '';
        this.ports.print(`\r\n${esc}?2004l`);
        this.run(line.trim());
        break;
      }
      case '\x7f':
        if (this.line === '') break;
        this.line = [...this.line].slice(0, -1).join('');
        this.ports.print('\b \b');
        break;
      case '\x17': {
        // Ctrl W: the word before the cursor goes, as readline does it.
        const shorter = this.line.replace(/\S+\s*$/, '');
        this.ports.print('\b \b'.repeat(this.line.length - shorter.length));
        this.line = shorter;
        break;
      }
      case '\x03':
        this.line = '';
        this.ports.print(`^C\r\n${this.prompt}`);
        break;
      case '\x04':
        if (this.line === '') this.ports.end(0);
        break;
      case '\x07':
        this.ports.print('\x07');
        break;
      default:
        if (key >= ' ') this.insert(key);
    }
  }

  private run(command: string): void {
    const [name = '', ...words] = command.split(' ');
    if (name === 'exit') {
      this.ports.print('logout\r\n');
      this.ports.end(Number(words[0] ?? 0));
      return;
    }
    if (name === 'vim') {
      this.ports.print(`${esc}?1049h${esc}2J${esc}H${Array.from({ length: 9 }, () => paint('34', '~')).join('\r\n')}\r\n"${words[0] ?? ''}" 12L, 240B`);
      return;
    }
    const answer = fixed[command] ?? (name === 'flood' ? flood(Number(words[0] ?? 2000)) : name === 'echo' ? words.join(' ') : name === 'bell' ? '\x07' : name === '' ? null : `${name}: command not found`);
    this.ports.print(`${answer === null ? '' : `${answer.replaceAll(/\r?\n/g, '\r\n')}\r\n`}${this.prompt}`);
  }
}
