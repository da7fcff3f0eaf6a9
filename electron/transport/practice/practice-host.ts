import { defaultTools, defaultUnits } from './default-system';
import { systemClock } from './clock';
import type { Clock } from './clock';
import { Faults } from './faults';
import type { HostState } from './host-state';
import { scheduleMends } from './conversion/strike';
import { resumeConversion } from './conversion/supervisor';
import { defaultLan } from './default-lan';
import { scheduleLeases } from './libvirt/leases';
import { runTool } from './run-tool';
import type { HostEvent, ToolResult, World } from './world';

export interface PracticeHostOptions {
  /** Default: this computer's. */
  clock?: Clock;
  /** How long the way to the host and back takes. Default 3. */
  latencyMs?: number;
}

/**
 * A hypervisor that is not there: its state, its clock, and who follows its events. Commands reach it through
 * `openPracticeRunner`. Nothing on this computer is touched.
 */
export class PracticeHost implements World {
  readonly faults = new Faults();
  readonly latencyMs: number;
  readonly clock: Clock;
  private readonly listeners = new Set<(event: HostEvent) => void>();
  private readonly changeListeners = new Set<() => void>();
  private readonly pending = new Set<() => void>();
  private readonly cutters = new Set<() => void>();

  constructor(readonly state: HostState, { clock = systemClock, latencyMs = 3 }: PracticeHostOptions = {}) {
    this.clock = clock;
    this.latencyMs = latencyMs;
    scheduleLeases(this);
    scheduleMends(this);
    resumeConversion(this);
  }

  /** The whole state, to be kept; `fromJSON` takes it back. */
  toJSON(): HostState {
    return structuredClone(this.state);
  }

  /** Throws when the value is not a state of this version: then start with a new host. */
  static fromJSON(value: unknown, options: PracticeHostOptions = {}): PracticeHost {
    const state = value as HostState | null;
    if (typeof state !== 'object' || state === null || state.version !== 1 || !Array.isArray(state.networks) || !Array.isArray(state.machines)) {
      throw new Error('This is no kept state of a practice host');
    }
    return new PracticeHost(withNewTools(structuredClone(state)), options);
  }

  now(): number {
    return this.clock.now();
  }

  later(delayMs: number, action: () => void): void {
    const cancel = this.clock.schedule(delayMs, () => {
      this.pending.delete(cancel);
      action();
      this.changed();
    });
    this.pending.add(cancel);
  }

  /** mulberry32: small, and the same everywhere for the same seed. */
  random(below: number): number {
    this.state.seed = (this.state.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state.seed ^ (this.state.seed >>> 15), 1 | this.state.seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  /** Version 4 (RFC 9562). */
  newUuid(): string {
    const hex = Array.from({ length: 32 }, () => this.random(16).toString(16));
    hex[12] = '4';
    hex[16] = (8 + this.random(4)).toString(16);
    const text = hex.join('');
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
  }

  newMac(): string {
    return ['52', '54', '00', ...Array.from({ length: 3 }, () => this.random(256).toString(16).padStart(2, '0'))].join(':');
  }

  run(argv: readonly string[], stdin = ''): ToolResult {
    return runTool(this, argv, stdin);
  }

  announce(event: HostEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  /** Every event of the host; the function it returns ends that. */
  onEvent(listener: (event: HostEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Called after anything that may have changed the state, for those who keep it. */
  onChange(listener: () => void): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  changed(): void {
    for (const listener of [...this.changeListeners]) listener();
  }

  /** Breaks every open connection, as a pulled plug does. The host goes on. */
  cutConnections(): void {
    for (const cut of [...this.cutters]) cut();
  }

  /** For runners: how to break them. */
  onCut(cut: () => void): () => void {
    this.cutters.add(cut);
    return () => this.cutters.delete(cut);
  }

  /** Puts the host away: nothing that was still to happen happens. */
  dispose(): void {
    for (const cancel of this.pending) cancel();
    this.pending.clear();
    this.cutConnections();
  }
}

/** Tools, units and the LAN, which came with a later version of the app than the one that kept the state. */
function withNewTools(state: HostState): HostState {
  const names = new Set(state.units.map((unit) => unit.name));
  return { lan: structuredClone(defaultLan), ...state, tools: { ...defaultTools, ...state.tools }, units: [...state.units, ...defaultUnits.filter((unit) => !names.has(unit.name))] };
}
