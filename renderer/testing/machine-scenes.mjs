// @ts-check
/** Pictures of machines: their table, their inspector, and the dialogs about their NICs: scenes for screenshots.mjs. */

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ name: string, variant: string, hash: string, act?: (page: Page) => Promise<void>, sizes?: ('small' | 'large')[] }} Scene */

const machines = '/hosts/attic/machines';

/** @type {(name: string) => (page: Page) => Promise<void>} */
const select = (name) => async (page) => { await page.locator('tr.row', { hasText: name }).first().click(); await page.getByRole('complementary', { name }).waitFor(); };

/** @type {(name: string) => (page: Page) => Promise<void>} */
const editNic = (name) => async (page) => {
  await page.locator('tr.row', { hasText: name }).first().dblclick();
  await page.getByRole('dialog').waitFor();
};

/** @type {(name: string) => (page: Page) => Promise<void>} */
const plugIn = (name) => async (page) => {
  await select(name)(page);
  await page.getByRole('button', { name: 'Plug in a NIC…' }).click();
  await page.getByRole('dialog').waitFor();
};

/** @type {(name: string) => (page: Page) => Promise<void>} */
const jumpBox = (name) => async (page) => {
  await select(name)(page);
  await page.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Make it a jump box…' }).click();
  await page.getByRole('dialog').waitFor();
};

/** @type {(page: Page) => Promise<void>} */
const playRole = async (page) => {
  await page.locator('tr.row', { hasText: 'web1' }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Play a role in a lab…' }).click();
  await page.getByRole('radio').first().waitFor();
};

/** Left in the middle of it, over a role. @type {(page: Page) => Promise<void>} */
const dragOverRole = async (page) => {
  await page.locator('tr.row', { hasText: 'web1' }).first().hover();
  await page.mouse.down();
  await page.mouse.move(400, 300, { steps: 4 });
  const role = page.locator('.tray li', { hasText: 'node-2' });
  await role.waitFor();
  await role.hover();
  await page.locator('.tray li.over').waitFor();
};

/** @type {Scene[]} */
export const machineScenes = [
  { name: 'machine-role', variant: 'labs', hash: machines, act: async (page) => { await playRole(page); await page.getByRole('radio', { name: /^node-1/ }).check(); await page.getByText('DNS knows it as').waitFor(); } },
  { name: 'machine-role-played', variant: 'labs', hash: machines, sizes: ['small'], act: async (page) => { await playRole(page); await page.getByRole('radio', { name: /^desktop/ }).check(); await page.getByText('was changed since').waitFor(); } },
  { name: 'machine-role-none', variant: 'full', hash: machines, sizes: ['small'], act: async (page) => { await page.locator('tr.row', { hasText: 'web1' }).first().click({ button: 'right' }); await page.getByRole('menuitem', { name: 'Play a role in a lab…' }).click(); await page.getByText('There is no lab').waitFor(); } },
  { name: 'machine-role-drag', variant: 'labs', hash: machines, act: dragOverRole },
  { name: 'machines-odd', variant: 'machines', hash: machines },
  { name: 'machines-bare', variant: 'bare', hash: machines, sizes: ['small'] },
  { name: 'machines-stale', variant: 'stale', hash: machines, sizes: ['small'], act: select('web1') },
  { name: 'machines-loading', variant: 'loading', hash: machines, sizes: ['small'] },
  { name: 'machines-crowded', variant: 'crowded', hash: machines, act: async (page) => { await page.getByRole('textbox', { name: 'Search machines' }).fill('vm-09'); } },
  { name: 'machines-none-found', variant: 'full', hash: machines, sizes: ['small'], act: async (page) => { await page.getByRole('textbox', { name: 'Search machines' }).fill('nothing of the kind'); } },
  { name: 'machines-menu', variant: 'machines', hash: machines, act: async (page) => { await page.getByRole('button', { name: 'Actions for mover' }).click(); await page.getByRole('menu').waitFor(); } },
  {
    name: 'machines-context-move', variant: 'full', hash: machines, sizes: ['small'],
    act: async (page) => { await page.locator('tr.row', { hasText: 'web1' }).click({ button: 'right' }); await page.getByRole('menuitem', { name: 'Move to' }).press('ArrowRight'); await page.getByRole('menu').nth(1).waitFor(); },
  },
  { name: 'machine-many-nics', variant: 'machines', hash: machines, act: select('firewall-with-a-leg-in-every-network') },
  { name: 'machine-pending', variant: 'machines', hash: machines, sizes: ['small'], act: select('mover') },
  { name: 'machine-passed', variant: 'machines', hash: machines, sizes: ['small'], act: select('passed') },
  { name: 'machine-limited', variant: 'machines', hash: machines, sizes: ['small'], act: select('limited') },
  { name: 'machine-lonely', variant: 'machines', hash: machines, sizes: ['small'], act: select('lonely') },
  { name: 'machine-move', variant: 'full', hash: machines, sizes: ['small'], act: async (page) => { await select('web1')(page); await page.getByRole('button', { name: 'Move to' }).click(); await page.getByRole('menuitem', { name: 'ovs-trunk' }).press('ArrowRight'); await page.getByRole('menu').nth(1).waitFor(); } },
  { name: 'machine-more', variant: 'full', hash: machines, sizes: ['small'], act: async (page) => { await select('web1')(page); await page.getByRole('button', { name: 'More for web1' }).click(); await page.getByRole('menu').waitFor(); } },
  { name: 'nic-attach', variant: 'full', hash: machines, act: plugIn('web1') },
  { name: 'nic-attach-off', variant: 'full', hash: machines, sizes: ['small'], act: plugIn('win11') },
  { name: 'nic-attach-transient', variant: 'machines', hash: machines, sizes: ['small'], act: plugIn('passing-through') },
  { name: 'nic-edit', variant: 'full', hash: machines, sizes: ['small'], act: editNic('cam-vlan20') },
  { name: 'nic-edit-pending', variant: 'machines', hash: machines, sizes: ['small'], act: editNic('mover') },
  { name: 'nic-edit-limited', variant: 'machines', hash: machines, act: editNic('limited') },
  {
    name: 'nic-errors', variant: 'full', hash: machines, sizes: ['small'],
    act: async (page) => {
      await plugIn('web1')(page);
      await page.getByLabel('Network', { exact: true }).selectOption('storage');
      await page.getByLabel('MAC address').fill('52:54:00:10:00:31');
      await page.getByText('Bandwidth').click();
      await page.getByRole('group', { name: /what the machine receives/ }).getByLabel('peak').fill('fast');
      await page.getByRole('button', { name: 'Review…' }).click();
    },
  },
  { name: 'nic-bridge', variant: 'full', hash: machines, sizes: ['small'], act: async (page) => { await plugIn('web1')(page); await page.getByRole('radio', { name: 'A bridge of the host' }).click(); } },
  { name: 'nic-macvtap', variant: 'full', hash: machines, sizes: ['small'], act: async (page) => { await plugIn('web1')(page); await page.getByRole('radio', { name: 'A device (macvtap)' }).click(); } },
  {
    name: 'nic-meanwhile', variant: 'full', hash: machines, sizes: ['small'],
    act: async (page) => {
      await editNic('web1')(page);
      await page.evaluate(() => {
        const { fakeBridge } = /** @type {any} */ (window);
        const inventory = fakeBridge.state.inventories.get('attic');
        const { snapshot } = inventory;
        inventory.snapshot = { ...snapshot, revision: snapshot.revision + 1, machines: snapshot.machines.map((/** @type {any} */ machine) => (machine.name === 'web1' ? { ...machine, nics: machine.nics.map((/** @type {any} */ nic) => ({ ...nic, network: 'lab-dmz', link: 'down' })) } : machine)) };
        fakeBridge.emit('inventory.changed', { hostId: 'attic', revision: snapshot.revision + 1, stale: false });
      });
      await page.getByText(/changed while this form was open/).waitFor();
    },
  },
  { name: 'nic-long', variant: 'long-names', hash: machines, sizes: ['small'], act: async (page) => { await page.locator('tr.row').nth(1).dblclick(); await page.getByRole('dialog').waitFor(); } },
  { name: 'nic-review', variant: 'full', hash: machines, sizes: ['small'], act: async (page) => { await plugIn('web1')(page); await page.getByRole('button', { name: 'Review…' }).click(); await page.getByRole('button', { name: 'Plug it in' }).waitFor(); } },
  { name: 'jump-box', variant: 'full', hash: machines, act: jumpBox('dmz-proxy') },
  { name: 'jump-box-one-nic', variant: 'full', hash: machines, sizes: ['small'], act: jumpBox('web1') },
  { name: 'jump-box-off', variant: 'full', hash: machines, sizes: ['small'], act: jumpBox('win11') },
  {
    name: 'jump-box-of-lab', variant: 'full', hash: machines,
    act: async (page) => {
      await select('web1')(page);
      await page.evaluate(() => {
        const { fakeBridge } = /** @type {any} */ (window);
        const inventory = fakeBridge.state.inventories.get('attic');
        const { snapshot } = inventory;
        const web1 = snapshot.machines.find((/** @type {any} */ machine) => machine.name === 'web1');
        const nic = (/** @type {string} */ network, /** @type {string} */ mac, /** @type {string} */ address) => ({ ...web1.nics[0], network, mac, addresses: [{ address, source: 'definition', expiresAt: null }] });
        const box = {
          ...web1, uuid: '6f1ef9f7-0c3c-4a8e-9b8f-27a1b5f0c001', name: 'iso-jump-box', labRouter: { lab: 'iso', key: 'jump-box', addresses: [], keys: ['ssh-ed25519 AAAAC3 mara@desk'] },
          nics: [nic('default', '52:54:00:01:00:01', '192.168.122.254'), nic('sandbox-net', '52:54:00:01:00:02', '10.66.0.1')],
        };
        inventory.snapshot = { ...snapshot, revision: snapshot.revision + 1, machines: [...snapshot.machines, box] };
        fakeBridge.emit('inventory.changed', { hostId: 'attic', revision: snapshot.revision + 1, stale: false });
      });
      await page.locator('tr.row', { hasText: 'iso-jump-box' }).first().click();
      await page.getByRole('button', { name: 'More for iso-jump-box' }).click();
      await page.getByRole('menuitem', { name: 'Log in through it…' }).click();
      await page.getByText('For your ~/.ssh/known_hosts').waitFor();
    },
  },
  {
    name: 'plug-in', variant: 'full', hash: '/hosts/attic/networks',
    act: async (page) => { await page.locator('tr.row', { hasText: 'sandbox-net' }).click(); await page.getByRole('button', { name: 'Plug in a machine…' }).click(); await page.getByRole('dialog').waitFor(); await page.getByRole('row', { name: /^web1/ }).click(); },
  },
  { name: 'plug-in-crowded', variant: 'crowded', hash: '/hosts/attic/networks', sizes: ['small'], act: async (page) => { await page.locator('tr.row', { hasText: 'default' }).first().click(); await page.getByRole('button', { name: 'Plug in a machine…' }).click(); await page.getByRole('dialog').waitFor(); await page.keyboard.type('vm-01'); } },
];
