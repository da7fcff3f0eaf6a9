// @ts-check
/** Pictures of hosts in the rail, of their forms, and of what connections ask: scenes for screenshots.mjs. */

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ name: string, variant: string, hash: string, act?: (page: Page) => Promise<void>, sizes?: ('small' | 'large')[] }} Scene */

const networks = '/hosts/attic/networks';

/** @type {(prompts: object[], dialog: string | RegExp) => (page: Page) => Promise<void>} */
const showPrompts = (prompts, dialog) => async (page) => {
  await page.evaluate((list) => {
    const { fakeBridge } = /** @type {any} */ (window);
    fakeBridge.state.prompts = list;
    fakeBridge.emit('prompts.changed', list);
  }, prompts);
  await page.getByRole('dialog', { name: dialog }).waitFor();
};

/** @type {(hostId: string, session: object) => (page: Page) => Promise<void>} */
const setSession = (hostId, session) => async (page) => {
  await page.evaluate(({ id, next }) => {
    const { fakeBridge } = /** @type {any} */ (window);
    fakeBridge.state.hosts.find((/** @type {any} */ host) => host.profile.id === id).session = next;
    fakeBridge.emit('hosts.changed', fakeBridge.state.hosts);
  }, { id: hostId, next: session });
};

/** @type {(code: string, title: string, detail: string) => (page: Page) => Promise<void>} */
const failShed = (code, title, detail) => async (page) => {
  await setSession('shed', { phase: 'failed', error: { code, title, detail } })(page);
  await page.getByRole('alert').waitFor();
};

/** @param {Page} page @param {string} host */
async function openMenu(page, host) {
  await page.getByRole('link', { name: new RegExp(host) }).click({ button: 'right' });
  await page.getByRole('menu').waitFor();
}

/** @type {(host: string, entry: string) => (page: Page) => Promise<void>} */
const submenu = (host, entry) => async (page) => {
  await openMenu(page, host);
  await page.getByRole('menuitem', { name: entry }).press('ArrowRight');
  await page.getByRole('menu').nth(1).waitFor();
};

/** @type {(host: string, entry: string) => (page: Page) => Promise<void>} */
const choose = (host, entry) => async (page) => {
  await openMenu(page, host);
  await page.getByRole('menuitem', { name: entry }).click();
};

/** @param {Page} page */
async function addHost(page) {
  await page.keyboard.press('Control+Shift+H');
  await page.getByRole('dialog', { name: 'Add a host' }).waitFor();
}

const questions = {
  kind: 'questions', id: 'q1', hostId: 'garage', server: 'mara@garage.home.arpa', onWayTo: null, title: 'Two-factor login', problem: 'The server asks again: one of the answers was not right.',
  instruction: 'Authorised users only.\nThis garage is watched by two cats and a very long line that goes on and on: https://intranet.example.org/help/second-factor/how-to-enrol-a-new-phone-when-the-old-one-is-gone',
  questions: [{ label: 'Password:', echo: false }, { label: 'Verification code:', echo: true }],
};
const jump = { server: 'jumper@gateway.example.org:2222', onWayTo: 'root@fd00:db8:1::9' };

/** @type {Scene[]} */
export const hostScenes = [
  { name: 'rail-many', variant: 'many-hosts', hash: '/hosts/host-17/map' },
  { name: 'rail-menu-group', variant: 'full', hash: networks, sizes: ['small'], act: submenu('basement', 'Group') },
  { name: 'rail-menu-colour', variant: 'full', hash: networks, sizes: ['small'], act: submenu('basement', 'Colour') },
  { name: 'rail-group-menu', variant: 'full', hash: networks, sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: 'Actions for the group Rack' }).click(); await page.getByRole('menu').waitFor(); } },
  { name: 'rail-rename', variant: 'full', hash: networks, sizes: ['small'], act: async (page) => { await choose('basement', 'Rename')(page); await page.getByLabel('New name of basement').fill('attic'); } },
  { name: 'rail-collapsed', variant: 'full', hash: networks, sizes: ['small'], act: async (page) => { await page.getByRole('button', { name: /^Rack/ }).click(); await page.getByRole('link', { name: /nuc-left/ }).waitFor({ state: 'detached' }); } },
  { name: 'host-new-group', variant: 'full', hash: networks, sizes: ['small'], act: async (page) => { await submenu('basement', 'Group')(page); await page.getByRole('menuitem', { name: 'New group…' }).click(); await page.getByLabel('Name of the group').fill('Rack'); } },
  { name: 'host-edit', variant: 'full', hash: networks, act: choose('basement', 'Edit…') },
  { name: 'host-local', variant: 'full', hash: networks, sizes: ['small'], act: async (page) => { await addHost(page); await page.getByRole('radio', { name: 'This computer' }).click(); } },
  {
    name: 'host-pick', variant: 'full', hash: networks, sizes: ['small'],
    act: async (page) => { await addHost(page); await page.getByText('Pick a host you already have').click(); await page.getByRole('option', { name: /colo/ }).click(); },
  },
  {
    name: 'host-way', variant: 'full', hash: networks, sizes: ['small'],
    act: async (page) => { await addHost(page); await page.getByText('The way there').click(); await page.getByLabel('Hosts on the way').fill('gate:x'); await page.getByRole('button', { name: 'Add and connect' }).click(); },
  },
  { name: 'questions', variant: 'full', hash: networks, act: showPrompts([questions, { ...questions, id: 'q2' }, { ...questions, id: 'q3' }], /The host asks/) },
  { name: 'secret-jump', variant: 'full', hash: networks, sizes: ['small'], act: showPrompts([{ kind: 'secret', id: 's1', hostId: 'shed', ...jump, secret: 'password', label: 'Password for jumper@gateway.example.org:2222', problem: null, canRemember: true }], /Password/) },
  {
    name: 'host-key-jump', variant: 'full', hash: networks, sizes: ['small'],
    act: showPrompts([{ kind: 'host-key', id: 'k1', hostId: 'shed', onWayTo: jump.onWayTo, address: 'gateway.example.org', port: 2222, algorithm: 'ecdsa-sha2-nistp256', fingerprint: 'SHA256:7vXqkV0mC6m2o4Ck1l3y9Y5mO2h8b0sV9wq3Z1Jp4Qs', knownHostsFile: '/home/mara/.ssh/known_hosts' }], /Is this gateway/),
  },
  { name: 'notice', variant: 'full', hash: networks, sizes: ['small'], act: showPrompts([{ kind: 'notice', id: 'n1', hostId: 'shed', text: 'Confirm user presence for key ED25519-SK SHA256:7vXqkV0mC6m2o4Ck1l3y9Y5mO2h8b0sV9wq3Z1Jp4Qs' }], /Connecting to/) },
  { name: 'session-away', variant: 'full', hash: '/hosts/shed/map', sizes: ['small'], act: setSession('shed', { phase: 'reconnecting', attempt: 4, retryAt: new Date(Date.now() + 3_600_000).toISOString(), error: { code: 'ssh.unreachable', title: 'The host can’t be reached', detail: 'There is no way to [fd00:db8:1::9]:2222 from here (EHOSTUNREACH).' } }) },
  { name: 'session-key-unsupported', variant: 'full', hash: '/hosts/shed/map', sizes: ['small'], act: failShed('auth.key-unsupported', 'The key can’t be used', 'The key ~/.ssh/id_ed25519_sk lives in a security key (FIDO), which the built-in client can’t ask.') },
  { name: 'session-secret-needed', variant: 'full', hash: '/hosts/shed/map', sizes: ['small'], act: failShed('auth.secret-needed', 'shed waits for you to log in', 'To reconnect it asks for: Password for root@[fd00:db8:1::9]:2222. None is kept for it.') },
  { name: 'session-disabled', variant: 'many-hosts', hash: '/hosts/host-24/map', sizes: ['small'] },
];
