import { describe, expect, it } from 'vitest';
import { newHostProfile } from '../../../shared/domain/host';
import type { LabIntent } from '../../../shared/domain/intent';
import { describeLabProblem } from '../../../shared/domain/labs/read-lab-file';
import { routersOfLab } from '../../../shared/domain/labs/labs-on-host';
import { hostKeyPath } from '../../../shared/domain/router/router-image';
import { destroyLab } from '../../../test/fakes/lab-driver';
import { troubles } from '../../../test/fakes/plan-troubles';
import { openPracticeLabs } from '../../../test/fakes/practice-labs';

const key = (name: string): string => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5${name.repeat(44).slice(0, 44)} ${name}@desk`;

async function open() {
  const own: string[] = [key('mara')];
  const practice = await openPracticeLabs({ ownKeys: async () => own });
  const { host, inventory, labs } = practice;
  const text = labs.fromTemplate('h', 'isolated', 'iso');
  const files = (): string[] => Object.keys(host.state.files).filter((path) => path.startsWith('/var/lib/libvirt/images')).sort();
  const box = () => routersOfLab('iso', inventory.get('h')!.snapshot)[0]!;
  const profile = newHostProfile('h', 'practice', { kind: 'local', rights: 'none' });
  return { ...practice, own, text, files, box, profile };
}

describe('a jump box that a lab makes', () => {
  it('is a router that forwards nothing and lets in who has a key of this computer', async () => {
    const { text, read } = await open();
    const intent = await read(text);
    const spec = intent.kind === 'lab.apply' ? intent.routers[0]?.spec : undefined;
    expect(spec).toMatchObject({ name: 'iso-jump-box', allow: [], dns: 'none', ssh: { keys: [key('mara')], from: ['wan'] } });
  });

  it('has a host key of its own, which comes and goes with it', async () => {
    const { text, apply, read, preview, labs, files, box } = await open();
    const before = files();
    const made = await apply(await read(text));
    expect(troubles(made)).toEqual([]);
    expect(made.plan.steps.map(({ title }) => title)).toContain('Make the host key of iso-jump-box, if it isn\'t there');
    expect(files()).toEqual(expect.arrayContaining([hostKeyPath(box().uuid), `${hostKeyPath(box().uuid)}.pub`]));
    expect(await labs.hostKey('h', box().uuid)).toMatch(/^ssh-ed25519 AAAA\S+$/);
    expect(await preview(await read(text))).toBeNull();
    expect(await preview(await read(await labs.exportLab('h', 'iso')))).toBeNull();
    expect(troubles(await apply({ kind: 'undo', historyId: made.id }))).toEqual([]);
    expect(files()).toEqual(before);

    await apply(await read(text));
    const gone = await apply(destroyLab('iso'));
    expect(troubles(gone)).toEqual([]);
    expect(gone.plan.notices.map((notice) => notice.text).join()).toContain('The host key of iso-jump-box goes with it');
    expect(files()).toEqual(before);
    expect(troubles(await apply({ kind: 'undo', historyId: gone.id }))).toEqual([]);
    expect(files()).toContain(hostKeyPath(box().uuid));
  });

  it('leaves no key behind, wherever it was cut off', async () => {
    const { text, apply, read, preview, files, runner, inventory } = await open();
    const before = files();
    const cutOff = async (intent: LabIntent, after: number): Promise<void> => {
      for (const step of (await preview(intent))!.steps.slice(0, after)) expect(await runner.run(step.command)).toMatchObject({ exitCode: 0 });
      await inventory.refresh('h', 'all');
    };
    const steps = (await preview(await read(text)))!.steps.length;
    for (let after = 1; after < steps; after += 1) {
      await cutOff(await read(text), after);
      expect(troubles(await apply(destroyLab('iso')))).toEqual([]);
      expect(files()).toEqual(before);
    }
    await apply(await read(text));
    const going = (await preview(destroyLab('iso')))!.steps.length;
    for (let after = 1; after < going; after += 1) {
      await cutOff(destroyLab('iso'), after);
      expect(troubles(await apply(destroyLab('iso')))).toEqual([]);
      expect(files()).toEqual(before);
      expect(troubles(await apply(await read(text)))).toEqual([]);
    }
  });

  it('keeps the keys it was made with, whichever computer looks', async () => {
    const { text, apply, read, preview, own, box } = await open();
    await apply(await read(text));
    own.splice(0, 1, key('otto'));
    expect(await preview(await read(text))).toBeNull();
    const named = text.replace('ssh: {}', `ssh: { keys: ["${key('otto')}"] }`);
    expect((await preview(await read(named)))?.steps.map(({ title }) => title)).toContain('Change the definition of the router iso-jump-box');
    expect(troubles(await apply(await read(named)))).toEqual([]);
    expect(box().labRouter?.keys).toEqual([key('otto')]);
  });

  it('becomes a plain router when its file says so, and its host key goes', async () => {
    const { text, apply, read, files, box, labs } = await open();
    await apply(await read(text));
    expect(troubles(await apply(await read(text.replace('ssh: {}', ''))))).toEqual([]);
    expect(files()).not.toContain(hostKeyPath(box().uuid));
    await expect(labs.hostKey('h', box().uuid)).rejects.toThrow('no jump box');
  });

  it('says how to get in, to every machine behind it', async () => {
    const { host, text, apply, read, labs, box, profile } = await open();
    const machine = host.state.machines.find(({ running }) => running !== null)!.name;
    await apply(await read(text.replace('inside-1: {', `inside-1: { machine: ${machine},`)));
    const [entry] = await labs.jumpEntries(profile, 'iso');
    const alias = `iso-jump-box-${box().uuid.slice(0, 8)}`;
    const outer = box().nics[0]?.addresses[0]?.address ?? '';
    expect(entry?.config).toBe(`Host iso-jump-box\n  HostName ${outer}\n  User jump\n  HostKeyAlias ${alias}\n\nHost ${machine}\n  HostName ADDRESS\n  ProxyJump iso-jump-box\n`);
    expect(entry?.knownHosts).toBe(`${alias} ${await labs.hostKey('h', box().uuid)}`);
    await expect(labs.jumpEntries(profile, 'nix')).rejects.toThrow('has none');
  });

  it.each<[string, (text: string) => string, string]>([
    ['a key that is none', (text) => text.replace('ssh: {}', 'ssh: { keys: [hello] }'), 'A public key, like “ssh-ed25519 AAAA… you@computer”'],
    ['a private key', (text) => text.replace('ssh: {}', 'ssh: { keys: ["-----BEGIN OPENSSH PRIVATE KEY-----"] }'), 'A public key'],
    ['a zone that isn\'t there', (text) => text.replace('ssh: {}', 'ssh: { from: [moon] }'), 'No interface is in the zone “moon”'],
    ['an unknown key', (text) => text.replace('ssh: {}', 'ssh: { form: [wan] }'), 'Is it “from”?'],
  ])('says what is wrong: %s', async (_, change, sentence) => {
    const { labs, text } = await open();
    const { problems } = await labs.read('h', change(text));
    expect(problems.map(describeLabProblem).join('\n')).toContain(sentence);
  });

  it('is made without a key, too, and says that nobody gets in', async () => {
    const { labs, own, text, apply, read } = await open();
    own.splice(0);
    const { problems } = await labs.read('h', text);
    expect(problems.map(({ severity, message }) => `${severity}: ${message}`)).toContainEqual(expect.stringMatching(/^warning: This computer has no public key/));
    expect(troubles(await apply(await read(text)))).toEqual([]);
    // The first key that there is becomes the box's.
    own.push(key('mara'));
    const intent = await read(text);
    expect(intent.kind === 'lab.apply' && intent.routers[0]?.spec.ssh?.keys).toEqual([key('mara')]);
  });

  it('needs an sshd on the host', async () => {
    const { host, inventory, labs, text } = await open();
    delete host.state.tools['sshd'];
    await inventory.refresh('h', 'all');
    const { problems } = await labs.read('h', text);
    expect(problems.map(({ message }) => message).join()).toContain('lacks sshd');
  });
});
