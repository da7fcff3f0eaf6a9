import type { AppErrorData } from './app-error-data';

/**
 * Every way an action can end badly, as the user meets it. A code is stable: texts may be reworded, tests and
 * scripts rely on codes.
 */
export const errorCodes = [
  // the app itself
  'internal', 'input.invalid', 'not-found', 'cancelled', 'storage.failed',
  // reaching a host
  'ssh.unreachable', 'ssh.refused', 'ssh.timeout', 'ssh.closed', 'ssh.channel-refused', 'ssh.no-common-algorithm',
  'ssh.config-broken', 'ssh.config-unsupported', 'hostkey.unknown', 'hostkey.changed', 'hostkey.revoked', 'hostkey.rejected', 'hostkey.file',
  'auth.failed', 'auth.no-method', 'auth.agent', 'auth.key-unreadable', 'auth.key-encrypted', 'auth.wrong-passphrase',
  'auth.key-unsupported', 'auth.secret-needed', 'auth.sudo-password', 'auth.no-privilege',
  // running commands
  'command.failed', 'command.timeout', 'command.not-found', 'reply.unreadable', 'virsh.gone', 'host.not-connected', 'host.disabled',
  // libvirt and Open vSwitch
  'libvirt.missing', 'libvirt.not-running', 'libvirt.denied', 'libvirt.xml-invalid', 'libvirt.name-taken',
  'libvirt.bridge-taken', 'libvirt.subnet-taken', 'libvirt.not-found', 'libvirt.already-active', 'libvirt.not-active',
  'libvirt.unsupported', 'libvirt.no-slot', 'libvirt.device-missing', 'libvirt.device-busy', 'router.not-made',
  'ovs.missing', 'ovs.not-running', 'ovs.denied', 'ovs.not-made',
  // packages and services
  'packages.locked', 'packages.broken', 'packages.no-space', 'packages.unreachable', 'packages.stale', 'packages.unknown', 'service.failed',
  // conversions of a host's NIC, and plans
  'conversion.busy', 'conversion.refused', 'conversion.not-armed', 'conversion.reverted', 'conversion.revert-failed', 'conversion.lost',
  'plan.stale', 'plan.invalid', 'plan.nothing', 'lab.invalid', 'plan.step-failed', 'plan.rollback-failed', 'plan.busy', 'undo.refused',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The only error type that services throw on purpose; IPC carries its data, the presenter shows it. */
export class AppError extends Error {
  readonly data: AppErrorData;

  constructor(code: ErrorCode, title: string, detail: string, more: Omit<AppErrorData, 'code' | 'title' | 'detail'> = {}) {
    super(`${title}: ${detail}`);
    this.name = 'AppError';
    this.data = { code, title, detail, ...more };
  }

  get code(): ErrorCode {
    return this.data.code;
  }

  static fromData(data: AppErrorData): AppError {
    const { code, title, detail, ...more } = data;
    return new AppError(code, title, detail, more);
  }
}

/**
 * Data of any thrown value. Unknown ones become `internal`: the message is kept, the stack is not (it would go to
 * the renderer).
 */
export function toErrorData(error: unknown): AppErrorData {
  if (error instanceof AppError) return error.data;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', title: 'Something unexpected went wrong', detail: message };
}
