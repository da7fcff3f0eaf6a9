import type { CommandRunner } from '../../transport/command-runner';
import { openLocalHost, type LocalHostDependencies } from './open-local-host';
import { openSshHost, type SshHostDependencies } from './open-ssh-host';
import { openSystemSshHost, type SystemSshHostDependencies } from './open-system-ssh-host';
import type { HostOpener } from './session-service';

export interface HostOpenerDependencies extends LocalHostDependencies, SshHostDependencies, SystemSshHostDependencies {
  openPractice(): Promise<CommandRunner>;
}

/** Opens hosts of every kind. */
export function createHostOpener(dependencies: HostOpenerDependencies): HostOpener {
  return {
    open: (profile, attempt) => {
      const { connection } = profile;
      switch (connection.kind) {
        case 'practice': return dependencies.openPractice();
        case 'local': return openLocalHost(dependencies, profile, connection, attempt);
        case 'ssh': return connection.client === 'system'
          ? openSystemSshHost(dependencies, profile, connection, attempt)
          : openSshHost(dependencies, profile, connection, attempt);
      }
    },
  };
}
