// @ts-check
/** What packages say of the app. */
import fs from 'node:fs';
import { fromRoot } from '../paths.mjs';

const manifest = JSON.parse(fs.readFileSync(fromRoot('package.json'), 'utf8'));

export const product = {
  /** Package, executable, command and icon on Linux. */
  name: 'netwright',
  /** What users read; also the folder below /opt. */
  title: 'Netwright',
  /** Reverse-DNS identity on macOS and Windows, and AppStream's component id. */
  appId: 'org.netwright.Netwright',
  version: /** @type {string} */ (manifest.version),
  synopsis: 'Virtual networks of KVM hosts, over SSH',
  /** Lines as package managers show them. */
  description: [
    'Builds and looks after the virtual networks of KVM hypervisors over SSH.',
    'Shows what a change will do before it does it, applies it step by step,',
    'verifies the result, and takes it back with one click. Nothing is installed',
    'on the host.',
  ].join('\n'),
  // Debian's control files ask for an address; the project has none, and .invalid (RFC 2606) says so.
  maintainer: 'The Netwright authors <authors@netwright.invalid>',
  keywords: ['libvirt', 'KVM', 'QEMU', 'network', 'bridge', 'Open vSwitch', 'homelab', 'SSH', 'virtual machine'],
};

/**
 * electron-builder refuses to make a .deb or .rpm without a home page, and the project has none yet: the packages are
 * made without one where they say this.
 */
export const noHomepage = 'about:blank';

/** Where the .deb and .rpm put the app. */
export const installFolder = `/opt/${product.title}`;
