import type { ParseArgsConfig } from 'node:util';
import { isAddressed } from '../../../shared/domain/network-kinds';
import type { StaticLease } from '../../../shared/domain/addressed-spec';
import type { HostProfile } from '../../../shared/domain/host';
import type { Intent } from '../../../shared/domain/intent';
import type { Network } from '../../../shared/domain/network';
import { networkKindWord } from '../../../shared/domain/network-kinds';
import { familyOfKind } from '../../../shared/domain/network-families';
import type { NetworkProposal, NetworkSpec } from '../../../shared/domain/network-spec';
import { proposeDhcpRange } from '../../../shared/domain/subnet';
import { withReservation } from '../../../shared/domain/with-reservation';
import { AppError } from '../../../shared/errors/app-error';
import { addressedSpecFromOptions } from '../addressed-from-options';
import { addressedOptions } from '../addressed-options';
import { attachedSpecFromOptions } from '../attached-from-options';
import { attachedOptions } from '../attached-options';
import type { ChangeOptions, CommonOptions, EditOptions } from '../arguments';
import type { CliContext } from '../main';
import { applyIntent } from './apply-intent';
import { networkOn } from './network-on';

type When = Extract<Intent, { kind: 'network.edit' }>['when'];

/** `netwright edit HOST NETWORK [OPTION]…`. */
export async function editNetwork(context: CliContext, host: HostProfile, name: string, options: CommonOptions & ChangeOptions & EditOptions): Promise<number> {
  await context.connect(host.id);
  const { network, before, ipv6 } = await formOf(context, host, name);
  const spec = changedBy(options, before, ipv6);
  const live = familyOfKind(spec.kind).editsLive(before, spec);
  return applyIntent(context, host, { kind: 'network.edit', uuid: network.uuid, spec, when: whenOf(options.when, live) }, options);
}

/** `netwright reserve HOST NETWORK MAC IP [--name NAME]`. */
export async function reserveAddress(
  context: CliContext, host: HostProfile, name: string, lease: StaticLease, options: CommonOptions & ChangeOptions,
): Promise<number> {
  await context.connect(host.id);
  const { network, before } = await formOf(context, host, name);
  if (!isAddressed(before)) throw new AppError('input.invalid', 'Nothing to reserve', `The bridge of “${network.name}” isn't libvirt's own: its addresses are reserved in the router of the LAN behind it.`);
  return applyIntent(context, host, { kind: 'network.edit', uuid: network.uuid, spec: withReservation(before, lease), when: 'live' }, options);
}

async function formOf(context: CliContext, host: HostProfile, name: string): Promise<{ network: Network; before: NetworkSpec; ipv6: NetworkProposal['ipv6'] }> {
  const network = networkOn(context, host.id, name);
  const { spec, ipv6 } = await context.core.drafts.draft(host.id, network.uuid);
  return { network, before: spec, ipv6 };
}

/** The network with what the options say. Those of the other kinds of networks would be dropped in silence, so they are refused. */
function changedBy(options: EditOptions, before: NetworkSpec, ipv6: NetworkProposal['ipv6']): NetworkSpec {
  const own: NonNullable<ParseArgsConfig['options']> = isAddressed(before) ? addressedOptions : attachedOptions;
  const foreign = Object.keys({ ...addressedOptions, ...attachedOptions }).find((option) => !Object.hasOwn(own, option) && options[option as keyof EditOptions] !== undefined);
  if (foreign !== undefined) throw new AppError('input.invalid', 'Not by this option', `--${foreign} says nothing for “${before.name}”, which is ${networkKindWord[before.kind]}.`);
  return isAddressed(before) ? addressedSpecFromOptions(before, null, options, { ipv6, rangeWithin: proposeDhcpRange }) : attachedSpecFromOptions(before, null, options);
}

function whenOf(text: string | undefined, live: boolean): When {
  if (text === undefined) return live ? 'live' : 'next-start';
  if (text === 'live' || text === 'now' || text === 'next-start') return text;
  throw new AppError('input.invalid', 'The command line is not understood', `--when takes live, now or next-start, not “${text}”.`);
}
