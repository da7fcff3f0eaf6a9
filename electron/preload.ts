import { contextBridge, ipcRenderer } from 'electron';
import { eventChannel, readyChannel, type NetwrightBridge } from '../shared/contract/client';

/** The window opens while main still builds its services: the first calls wait for them. */
const ready = ipcRenderer.invoke(readyChannel);

/**
 * The page's only door. The prefix confines it to the contract's channels: main has handlers for those procedures and
 * no others, and sends on those event channels only. Types alone are imported, to keep the preload small.
 */
const bridge: NetwrightBridge = {
  invoke: (name, input) => ready.then(() => ipcRenderer.invoke(`netwright:${name}`, input)),
  on: (name, listener) => {
    const channel = eventChannel(name);
    const forward = (_event: unknown, payload: Parameters<typeof listener>[0]): void => listener(payload);
    ipcRenderer.on(channel, forward);
    return () => ipcRenderer.removeListener(channel, forward);
  },
};

contextBridge.exposeInMainWorld('netwright', bridge);
