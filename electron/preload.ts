import { contextBridge, ipcRenderer } from 'electron';
import type { NetwrightBridge } from '../shared/contract/client';

/**
 * The page's only door. The prefix confines it to the contract's channels: main has handlers for those procedures and
 * no others, and sends on those event channels only. Types alone are imported, to keep the preload small.
 */
const bridge: NetwrightBridge = {
  invoke: (name, input) => ipcRenderer.invoke(`netwright:${name}`, input),
  on: (name, listener) => {
    const channel = `netwright:event:${name}`;
    const forward = (_event: unknown, payload: Parameters<typeof listener>[0]): void => listener(payload);
    ipcRenderer.on(channel, forward);
    return () => ipcRenderer.removeListener(channel, forward);
  },
};

contextBridge.exposeInMainWorld('netwright', bridge);
