import type { CommandRunner } from '../../transport/command-runner';
import { openLocalHost, type LocalHostDependencies } from './open-local-host';
import { openSshHost, type SshHostDependencies } from './open-ssh-host';
import type { HostOpener } from './session-service';

export interface HostOpenerDependencies extends LocalHostDependencies, SshHostDependencies {
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
        case 'ssh': return openSshHost(dependencies, profile, connection, attempt);
      }
    },
  };
}
