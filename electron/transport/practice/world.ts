import type { HostState, OvsRow, OvsTable } from './host-state';

/** Something that happened on the host, told to whoever follows. */
export type HostEvent =
  | { kind: 'network'; name: string; what: 'Defined' | 'Undefined' | 'Started' | 'Stopped' }
  /** `event`: default `lifecycle`. */
  | { kind: 'machine'; name: string; what: string; event?: 'device-added' | 'device-removed' | 'metadata-change' | 'agent-lifecycle' }
  /** One line of `ip -o monitor`. */
  | { kind: 'ip'; object: 'link' | 'address' | 'route' | 'neigh'; line: string }
  | { kind: 'ovs'; changes: readonly OvsChange[] };

export interface OvsChange {
  table: OvsTable;
  before: OvsRow | null;
  after: OvsRow | null;
}

/** What the tools of the practice host work on. PracticeHost is the only one. */
export interface World {
  readonly state: HostState;
  /** Milliseconds since 1970 by the host's clock. */
  now(): number;
  /** Runs `action` later, unless the host is put away before. */
  later(delayMs: number, action: () => void): void;
  newUuid(): string;
  /** In libvirt's own range, 52:54:00. */
  newMac(): string;
  /** A number from 0 up to but not including `below`. */
  random(below: number): number;
  announce(event: HostEvent): void;
  /** Runs one process. */
  run(argv: readonly string[], stdin?: string): ToolResult;
  /** Breaks every open connection, as a pulled plug does. */
  cutConnections(): void;
}

/** What a process leaves behind. */
export interface ToolResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A tool: arguments without its own name, and standard input. */
export type Tool = (world: World, args: readonly string[], stdin: string) => ToolResult;

export function succeed(stdout = ''): ToolResult {
  return { exitCode: 0, stdout, stderr: '' };
}

export function fail(exitCode: number, stderr: string, stdout = ''): ToolResult {
  return { exitCode, stdout, stderr };
}
