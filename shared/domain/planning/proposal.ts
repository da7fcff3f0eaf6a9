import type { Plan } from '../plan';
import type { Transition } from './plan-transition';

/** What the planner of one kind of intent proposes: networks from state to state, and what it has to say about it. */
export interface Proposal {
  title: string;
  summary: string;
  transitions: Transition[];
  notices?: Plan['notices'];
}
