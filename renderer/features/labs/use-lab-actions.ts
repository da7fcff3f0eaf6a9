import { useRouter } from 'vue-router';
import { AppError } from '../../../shared/errors/app-error';
import { invoke } from '../../api/client';
import { useLabDrafts } from '../../stores/lab-drafts';
import { usePlanReview } from '../../stores/plan-review';
import { useLabDialogs } from './use-lab-dialogs';

/** What can be done with labs and their files. Nothing changes on the host before it is reviewed; failures go to the app's presenter. */
export function useLabActions(hostId: () => string) {
  const router = useRouter();
  const review = usePlanReview();
  const drafts = useLabDrafts();
  const dialogs = useLabDialogs();

  /** Into the editor, where it is looked at before anything is made of it. */
  async function edit(text: string, origin: string): Promise<void> {
    const draft = drafts.add({ hostId: hostId(), text, origin });
    dialogs.value = null;
    await router.push({ name: 'lab-file', params: { hostId: hostId() }, query: { draft: draft.id } });
  }

  return {
    edit,
    editLab: (lab: string) => void router.push({ name: 'edit-lab', params: { hostId: hostId(), lab } }),
    destroy: (lab: string) => review.open(hostId(), { kind: 'lab.destroy', lab }),
    startAll: (lab: string) => review.open(hostId(), { kind: 'lab.start', lab }),
    stopAll: (lab: string) => review.open(hostId(), { kind: 'lab.stop', lab }),
    /** By the system's dialog; nothing happens when that is cancelled. */
    async export(lab: string): Promise<void> {
      const text = await invoke('labs.export', { hostId: hostId(), lab });
      await invoke('app.saveLabFile', { name: lab, text });
    },
    async clone(lab: string, name: string): Promise<void> {
      const text = await invoke('labs.export', { hostId: hostId(), lab });
      await edit(await invoke('labs.clone', { hostId: hostId(), text, name }), `a copy of ${lab}`);
    },
    /** `beside`: another lab on the same host, with subnets of its own; else as the networks are, for another host. */
    async ofNetworks(uuids: string[], name: string, beside: boolean): Promise<void> {
      const text = await invoke('labs.exportNetworks', { hostId: hostId(), uuids, name });
      await edit(beside ? await invoke('labs.clone', { hostId: hostId(), text, name }) : text, uuids.length === 1 ? 'a network of this host' : `${uuids.length} networks of this host`);
    },
    async openFile(): Promise<void> {
      const file = await invoke('app.openLabFile', undefined);
      if (file === null) return;
      if (file.text === null) throw new AppError('input.invalid', `${file.name} can’t be opened`, file.problem ?? '');
      await edit(file.text, file.name);
    },
  };
}
