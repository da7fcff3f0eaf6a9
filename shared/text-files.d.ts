/** Vite's `?raw`: the file's text, put into the bundle. */
declare module '*.sh?raw' {
  const text: string;
  export default text;
}
