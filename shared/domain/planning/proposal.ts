import type { Plan } from '../plan';
import type { Transition } from './plan-transition';
import type { SwitchTransition } from './switch-steps';

/** What the planner of one kind of intent proposes: networks from state to state, and what it has to say about it. */
export interface Proposal {
  title: string;
  summary: string;
  transitions: Transition[];
  /** Open vSwitch bridges that are made or removed along. */
  switches?: SwitchTransition[];
  notices?: Plan['notices'];
}
