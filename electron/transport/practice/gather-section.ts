import type { GatherSection } from '../../commands/command';
import { matchFiles, readFileOf } from './files';
import { isInstalled, runTool } from './run-tool';
import { fail, succeed } from './world';
import type { ToolResult, World } from './world';

/** One section of a gather script, builtins included (their output: `GatherSection`, and the readers in electron/commands). */
export function gatherSection(world: World, { command }: GatherSection): ToolResult {
  switch (command.kind) {
    case 'argv': {
      const name = command.argv[0] ?? '';
      return isInstalled(world, name) ? runTool(world, command.argv, '') : fail(127, `${name}: not found\n`);
    }
    case 'files': {
      const paths = [...new Set(command.globs.flatMap((glob) => (readFileOf(world, glob) === null ? matchFiles(world, glob) : [glob])))];
      return succeed(paths.map((path) => {
        const text = readFileOf(world, path) ?? '';
        return `F 0 ${Buffer.byteLength(text)} ${path}\n${text}`;
      }).join(''));
    }
    case 'tools': return succeed(command.names.map((name) => `${name}\t${world.state.tools[name] ?? ''}\n`).join(''));
    case 'sysctls': return succeed(command.keys.flatMap((key) => (world.state.sysctls[key] === undefined ? [] : [`${key}=${world.state.sysctls[key]}\n`])).join(''));
  }
}
