import type { About } from '../../shared/contract/app';
import type { Core } from '../core';
import type { ConversionDesk } from '../services/conversions/conversion-desk';
import { judgeNetworkXml } from '../services/networks/xml-judge';
import type { TerminalService } from '../services/terminals/terminal-service';
import type { ProcedureHandlers } from './handle-procedures';

/** What only the desktop has. */
export interface Desktop {
  about(): About;
  copyText(text: string): Promise<void>;
  paste(): void;
  openExternal(url: string): Promise<boolean>;
  chooseKeyFile(): Promise<string | null>;
  saveTextFiles(files: readonly { name: string; text: string }[]): Promise<string[] | null>;
  openXmlFiles(): Promise<{ name: string; text: string | null; problem: string | null }[]>;
  openLabFile(): Promise<{ name: string; text: string | null; problem: string | null } | null>;
  saveLabFile(name: string, text: string): Promise<string | null>;
}

/** The contract's procedures, each one call of a service. */
export function createHandlers(core: Core, desktop: Desktop, terminals: TerminalService, conversions: ConversionDesk): ProcedureHandlers {
  const { hosts, settings, secrets, sessions, prompts, inventory, preflight, plans, drafts, labs, labTestDesk, history, activity } = core;
  const viewOf = (id: string) => ({ profile: hosts.get(id), session: sessions.stateOf(id) });

  return {
    'hosts.list': () => sessions.views(),
    'hosts.add': async ({ name, connection, group, colour }) => {
      const profile = await hosts.add(name, connection, { group, colour });
      sessions.announce();
      return viewOf(profile.id);
    },
    'hosts.update': async (profile) => {
      await core.updateHost(profile);
      return viewOf(profile.id);
    },
    'hosts.remove': async ({ hostId }) => {
      await core.removeHost(hostId);
      await conversions.removeHost(hostId);
      labTestDesk.forgetHost(hostId);
    },
    'hosts.readSshConfig': () => core.readSshConfig(),
    'hosts.localAvailable': () => core.localAvailability(),
    'hosts.reorder': ({ hostIds }) => core.reorderHosts(hostIds),
    'hosts.forgetSecrets': ({ hostId }) => secrets.forget(hostId),

    // Connecting takes as long as a person needs to type a password: the answer is the session's state, told by event.
    'sessions.connect': ({ hostId }) => {
      sessions.refuseUnusable(hostId);
      core.inBackground(sessions.connect(hostId));
    },
    'sessions.disconnect': ({ hostId }) => sessions.disconnect(hostId),
    'sessions.retryNow': ({ hostId }) => {
      sessions.refuseUnusable(hostId);
      core.inBackground(sessions.retryNow(hostId));
    },
    'sessions.networkChanged': () => { core.inBackground(sessions.checkAll()); },
    'secrets.list': ({ hostId }) => secrets.list(hostId),
    'secrets.forgetAll': () => secrets.forgetAll(),
    'prompts.list': () => prompts.list(),
    'prompts.answer': ({ promptId, answer }) => prompts.answer(promptId, answer),

    'inventory.get': ({ hostId }) => inventory.get(hostId),
    'inventory.refresh': ({ hostId, scope }) => inventory.refresh(hostId, scope),
    'inventory.xml': ({ hostId, object, uuid }) => inventory.xml(hostId, object, uuid),

    'preflight.get': ({ hostId }) => preflight.get(hostId),
    'preflight.refresh': ({ hostId }) => preflight.refresh(hostId),

    'networks.propose': ({ hostId, kind }) => drafts.propose(hostId, kind),
    'networks.draft': ({ hostId, uuid }) => drafts.draft(hostId, uuid),
    'networks.usedRanges': ({ hostId }) => drafts.usedRanges(hostId),
    'networks.judgeXml': ({ hostId, xml }) => judgeNetworkXml(inventory, hostId, xml),
    'networks.duplicateXml': ({ hostId, uuid }) => drafts.duplicateXml(hostId, uuid),

    'labs.fromTemplate': ({ hostId, template, name }) => labs.fromTemplate(hostId, template, name),
    'labs.read': async ({ hostId, text }) => {
      const { intent, problems } = await labs.read(hostId, text);
      return { intent, problems };
    },
    'labs.export': ({ hostId, lab }) => labs.exportLab(hostId, lab),
    'labs.definition': ({ hostId, lab }) => labs.definition(hostId, lab),
    'labs.exportNetworks': ({ hostId, uuids, name }) => labs.exportNetworks(hostId, labs.networksBy(hostId, uuids), name),
    'labs.hostKey': ({ hostId, uuid }) => labs.hostKey(hostId, uuid),
    'labs.clone': ({ hostId, text, name }) => labs.clone(hostId, text, name),
    'labs.startTest': ({ hostId, lab }) => labTestDesk.start(hostId, lab),
    'labs.cancelTest': ({ runId }) => labTestDesk.cancel(runId),
    'labs.tests': () => labTestDesk.list(),

    'plan.preview': ({ hostId, intent }) => plans.preview(hostId, intent),
    'plan.apply': async ({ hostId, intent, digest }) => {
      await labTestDesk.makeWay(hostId);
      return plans.apply(hostId, intent, digest);
    },
    'plan.cancel': ({ runId }) => plans.cancel(runId),
    'plan.running': () => plans.running(),

    'history.list': ({ hostId }) => history.list(hostId),
    'history.get': ({ historyId }) => history.get(historyId),
    'activity.list': ({ hostId }) => activity.list(hostId),

    'conversion.survey': ({ hostId }) => conversions.survey(hostId),
    'conversion.preview': ({ hostId, request }) => conversions.preview(hostId, request),
    'conversion.start': ({ hostId, request, digest, ...options }) => conversions.start(hostId, request, digest, options),
    'conversion.running': () => conversions.running(),
    'conversion.state': ({ hostId }) => conversions.state(hostId),
    'conversion.confirm': ({ hostId }) => conversions.confirm(hostId),
    'conversion.revert': ({ hostId }) => conversions.revert(hostId),
    'conversion.extend': ({ hostId, seconds }) => conversions.extend(hostId, seconds),
    'conversion.list': ({ hostId }) => conversions.list(hostId),
    'conversion.dismiss': ({ hostId }) => conversions.dismiss(hostId),

    'terminals.list': () => terminals.list(),
    'terminals.open': ({ target, size, typed }) => terminals.open(target, size, typed),
    'terminals.reopen': ({ terminalId, size }) => terminals.reopen(terminalId, size),
    'terminals.attach': ({ terminalId }) => terminals.attach(terminalId),
    'terminals.write': ({ terminalId, data }) => terminals.write(terminalId, data),
    'terminals.resize': ({ terminalId, size }) => terminals.resize(terminalId, size),
    'terminals.acknowledge': ({ terminalId, bytes }) => terminals.acknowledge(terminalId, bytes),
    'terminals.rename': ({ terminalId, title }) => terminals.rename(terminalId, title),
    'terminals.close': ({ terminalId }) => terminals.close(terminalId),
    'terminals.localShells': () => terminals.localShells(),

    'practice.faults': () => core.practice.faults(),
    'practice.fault': ({ fault, strikes }) => core.practice.fault(fault, strikes),

    'settings.get': () => settings.get(),
    'settings.update': (change) => core.updateSettings(change),

    'app.shown': () => core.connectAtStart(),
    'app.about': () => desktop.about(),
    'app.copyText': ({ text }) => desktop.copyText(text),
    'app.paste': () => desktop.paste(),
    'app.openExternal': ({ url }) => desktop.openExternal(url),
    'app.chooseKeyFile': () => desktop.chooseKeyFile(),
    'app.saveTextFiles': ({ files }) => desktop.saveTextFiles(files),
    'app.openXmlFiles': () => desktop.openXmlFiles(),
    'app.openLabFile': () => desktop.openLabFile(),
    'app.saveLabFile': ({ name, text }) => desktop.saveLabFile(name, text),
  };
}
