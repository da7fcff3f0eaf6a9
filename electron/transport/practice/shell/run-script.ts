import { writeFileOf } from '../system/file-tools';
import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';
import { tokenize } from './tokens';
import type { ShellToken } from './tokens';

/**
 * The steps of a conversion as a shell runs them: lists with `;`, `&&`, `||`, `!`, groups in braces, redirections to files. There are no
 * variables, and loops are passed over: the planners' go through processes, of which the practice host has none. Source: POSIX.1-2017,
 * Shell Command Language.
 */
export function runScript(world: World, script: string): ToolResult {
  return new ScriptRun(world, tokenize(script)).list();
}

class ScriptRun {
  private at = 0;

  constructor(private readonly world: World, private readonly tokens: readonly ShellToken[]) {}

  /** Up to the end, or to the brace that closes a group. */
  list(): ToolResult {
    let result = succeed();
    while (this.at < this.tokens.length && !this.isWord('}')) {
      if (this.takeOperator(';', '\n')) continue;
      const next = this.andOr();
      result = { exitCode: next.exitCode, stdout: result.stdout + next.stdout, stderr: result.stderr + next.stderr };
    }
    return result;
  }

  private andOr(): ToolResult {
    let result = this.pipeline(true);
    for (let operator = this.takeOperator('&&', '||'); operator; operator = this.takeOperator('&&', '||')) {
      const isWanted = (operator === '&&') === (result.exitCode === 0);
      const next = this.pipeline(isWanted);
      if (isWanted) result = { exitCode: next.exitCode, stdout: result.stdout + next.stdout, stderr: result.stderr + next.stderr };
    }
    return result;
  }

  /** `isWanted` false: it is read, and not run. */
  private pipeline(isWanted: boolean): ToolResult {
    if (this.isWord('!')) {
      this.at += 1;
      const result = this.pipeline(isWanted);
      return { ...result, exitCode: result.exitCode === 0 ? 1 : 0 };
    }
    if (this.isWord('for')) return this.passLoop();
    if (this.isWord('{')) return this.group(isWanted);
    return this.simple(isWanted);
  }

  private passLoop(): ToolResult {
    while (this.at < this.tokens.length && !this.isWord('done')) this.at += 1;
    this.at += 1;
    return succeed();
  }

  private group(isWanted: boolean): ToolResult {
    this.at += 1;
    if (isWanted) {
      const result = this.list();
      this.at += 1;
      return result;
    }
    for (let depth = 1; depth > 0 && this.at < this.tokens.length; this.at += 1) {
      if (this.isWord('{')) depth += 1;
      if (this.isWord('}')) depth -= 1;
    }
    return succeed();
  }

  private simple(isWanted: boolean): ToolResult {
    const words: string[] = [];
    let target: string | null = null;
    let isQuiet = false;
    for (let token = this.tokens[this.at]; token && token.kind !== 'operator' && !(token.text === '}' && words.length === 0); token = this.tokens[this.at]) {
      this.at += 1;
      if (token.kind === 'word') words.push(token.text);
      else if (token.text === '2>&1') isQuiet = target !== null;
      else {
        const path = this.tokens[this.at]?.text ?? '';
        this.at += 1;
        if (token.text === '2>') isQuiet = true;
        else target = path;
      }
    }
    if (words.length === 0) return this.giveUp();
    if (!isWanted) return succeed();
    const result = this.builtin(words) ?? this.world.run(words);
    if (target !== null && target !== '/dev/null') writeFileOf(this.world, target, result.stdout);
    return { ...result, stdout: target === null ? result.stdout : '', stderr: isQuiet ? '' : result.stderr };
  }

  /** What is not understood ends the script. */
  private giveUp(): ToolResult {
    const what = this.tokens[this.at]?.text ?? 'end of file';
    this.at = this.tokens.length;
    return fail(2, `sh: 1: Syntax error: "${what}" unexpected\n`);
  }

  private builtin([name, ...args]: readonly string[]): ToolResult | null {
    switch (name) {
      case 'echo': return succeed(`${args.join(' ')}\n`);
      case 'command': return args[0] === '-v' ? this.world.run(['which', args[1] ?? '']) : this.world.run(args);
      default: return null;
    }
  }

  private isWord(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'word' && token.text === text;
  }

  private takeOperator(...texts: string[]): string | null {
    const token = this.tokens[this.at];
    if (token?.kind !== 'operator' || !texts.includes(token.text)) return null;
    this.at += 1;
    return token.text;
  }
}
