import type { EventName, EventPayload } from '../../shared/contract/events';
import type { Core } from '../core';
import { latestOf } from './latest-of';
import type { ConversionDesk } from '../services/conversions/conversion-desk';
import type { TerminalService } from '../services/terminals/terminal-service';

/** Sends to the window; false where there is none (a Mac's app lives on without). */
export type SendEvent = <N extends EventName>(name: N, payload: EventPayload<N>) => boolean;

/** Sends every event of the contract to the window, whichever it is at that moment. */
export function forwardEvents(core: Core, terminals: TerminalService, conversions: ConversionDesk, send: SendEvent): void {
  // Twenty hosts that connect at once change a hundred times in a second or two; each would draw the list anew.
  core.sessions.onChanged(latestOf(50, (views) => send('hosts.changed', views)));
  core.prompts.onChanged((prompts) => send('prompts.changed', prompts));
  core.inventory.onChanged((change) => send('inventory.changed', change));
  core.preflight.onChanged((change) => send('preflight.changed', change));
  core.plans.onProgress((run) => send('plan.progress', run));
  core.labTestDesk.onProgress((run) => send('labs.testProgress', run));
  core.history.onChanged((change) => send('history.changed', change));
  core.activity.onAppended((entries) => send('activity.appended', entries));
  conversions.onProgress((run) => send('conversion.progress', run));
  conversions.onGone((gone) => send('conversion.gone', gone));
  terminals.onChanged((list) => send('terminals.changed', list));
  terminals.onOutput((output) => send('terminal.output', output));
  core.onSettingsChanged((settings) => send('settings.changed', settings));
}
