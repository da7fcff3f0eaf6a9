'use strict';
// The least that is a terminal in Electron: a PTY, two IPC channels and xterm.js, without flow control or replay.
const { app, BrowserWindow, ipcMain } = require('electron');
const path = require('node:path');
const pty = require('node-pty');

app.whenReady().then(() => {
  const window = new BrowserWindow({
    x: 0, y: 0, width: 1280, height: 800, show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false, preload: path.join(__dirname, 'preload.cjs') },
  });
  window.once('ready-to-show', () => window.show());
  ipcMain.handle('open', (_event, { shell, columns, rows }) => {
    const shellProcess = pty.spawn(shell, [], { name: 'xterm-256color', cols: columns, rows, cwd: process.env.HOME, env: process.env, encoding: null });
    // A view would be sent with the whole memory under it.
    shellProcess.onData((data) => window.webContents.send('output', Uint8Array.from(data)));
    ipcMain.handle('write', (_written, text) => shellProcess.write(text));
    app.on('before-quit', () => shellProcess.kill());
  });
  return window.loadFile(path.join(__dirname, 'index.html'));
});
app.on('window-all-closed', () => app.quit());
