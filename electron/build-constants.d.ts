/** True in bundles that load the window from the dev server; replaced by the bundler, so that releases carry no such code. */
declare const __NETWRIGHT_DEV__: boolean;
/** The version in package.json. */
declare const __NETWRIGHT_VERSION__: string;
