import { contextBridge, ipcRenderer } from 'electron';
import { eventChannel, readyChannel, type NetwrightBridge } from '../shared/contract/client';

/**
 * Main builds its services when it is first asked for something, and answers nothing meanwhile. So it is asked when the
 * page has its style sheet, the last of its files: from then on the page is busy running them.
 */
let ready: Promise<void> | null = null;
let isReady = false;
const askForServices = (): Promise<void> => (ready ??= ipcRenderer.invoke(readyChannel).then(() => { isReady = true; }));
new PerformanceObserver((list, observer) => {
  if (!list.getEntries().some((entry) => entry.name.endsWith('.css'))) return;
  observer.disconnect();
  void askForServices();
}).observe({ type: 'resource', buffered: true });

/**
 * The page's only door. The prefix confines it to the contract's channels: main has handlers for those procedures and
 * no others, and sends on those event channels only. Types alone are imported, to keep the preload small.
 */
const bridge: NetwrightBridge = {
  invoke: (name, input) => {
    const send = (): ReturnType<typeof bridge.invoke<typeof name>> => ipcRenderer.invoke(`netwright:${name}`, input);
    // A key on its way to a terminal does not wait until the page is done with it.
    return isReady ? send() : askForServices().then(send);
  },
  on: (name, listener) => {
    const channel = eventChannel(name);
    const forward = (_event: unknown, payload: Parameters<typeof listener>[0]): void => listener(payload);
    ipcRenderer.on(channel, forward);
    return () => ipcRenderer.removeListener(channel, forward);
  },
};

contextBridge.exposeInMainWorld('netwright', bridge);
