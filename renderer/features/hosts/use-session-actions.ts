import type { HostProfile } from '../../../shared/domain/host';
import { useHosts } from '../../stores/hosts';
import type { SessionAction } from './session-actions';
import { useHostDialog } from './use-host-dialog';

/** Carries out what a failed session offers. Changing the profile ends what is left of the old session by itself. */
export function useSessionActions(): (action: SessionAction, profile: HostProfile) => Promise<void> {
  const hosts = useHosts();
  const dialog = useHostDialog();

  return async (action, profile) => {
    const { connection, id } = profile;
    if (action.id === 'edit') return dialog.open({ mode: 'edit', profile });
    if (action.id === 'forget-and-connect') await hosts.forgetSecrets(id);
    if (connection.kind === 'ssh') {
      if (action.id === 'system-client') await hosts.update({ ...profile, connection: { ...connection, client: 'system' } });
      if (action.id === 'use-sudo') await hosts.update({ ...profile, connection: { ...connection, useSudo: true } });
    }
    await hosts.connect(id);
  };
}
