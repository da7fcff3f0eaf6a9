'use strict';
const { contextBridge, ipcRenderer } = require('electron');

contextBridge.exposeInMainWorld('bare', {
  open: (options) => ipcRenderer.invoke('open', options),
  write: (text) => ipcRenderer.invoke('write', text),
  onOutput: (listener) => { ipcRenderer.on('output', (_event, data) => listener(data)); },
});
