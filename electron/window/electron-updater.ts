/** A file of its own so that the bundler makes one of it, under this name: some 500 KB that only a check for updates needs. */
export { autoUpdater } from 'electron-updater';
