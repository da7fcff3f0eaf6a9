// @ts-check
// The layers of docs/architecture.md. Run by build/checks/layer-check.mjs, which also fails when fewer modules were read
// than there are on disk.

const tests = '\\.test\\.ts$|^test/|^renderer/testing/';

/** Node's own modules, in either spelling. */
const nodeBuiltin = { dependencyTypes: ['core'] };

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: { path: '^(electron|shared|renderer)/', pathNot: tests },
      // Virtual modules of the bundler and packages whose entry only a bundler condition names.
      to: { couldNotResolve: true, pathNot: ['^virtual:', '^#build/', '^@nuxt/ui', '^node-diff3$', '\\?(worker|url|raw)$', '^vite/client'] },
    },
    {
      name: 'no-cycles',
      comment: 'Modules that need each other are one module. Type imports are free: they vanish.',
      severity: 'error',
      from: { pathNot: tests },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'shared-stands-alone',
      comment: 'shared/ runs in every process: nothing above it, no Node, no Electron, no Vue.',
      severity: 'error',
      from: { path: '^shared/', pathNot: tests },
      to: { path: ['^(electron|renderer|build|test)/', '^node_modules/(electron|vue|pinia|vue-router|@nuxt)/', '^electron$'] },
    },
    { name: 'shared-without-node', severity: 'error', from: { path: '^shared/', pathNot: tests }, to: nodeBuiltin },
    {
      name: 'renderer-in-its-sandbox',
      comment: 'The window has neither Node nor the main process.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: tests },
      to: { path: ['^(electron|build|test)/', '^node_modules/electron/|^electron$'] },
    },
    { name: 'renderer-without-node', severity: 'error', from: { path: '^renderer/', pathNot: tests }, to: nodeBuiltin },
    {
      name: 'main-without-renderer',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^renderer/' },
    },
    {
      name: 'commands-are-pure',
      comment: 'A command builds arguments and reads output. Of the transport it knows the shape of a result only.',
      severity: 'error',
      from: { path: '^electron/commands/', pathNot: tests },
      to: { path: '^electron/(?!commands/)', dependencyTypesNot: ['type-only'] },
    },
    { name: 'commands-without-node', severity: 'error', from: { path: '^electron/commands/', pathNot: tests }, to: nodeBuiltin },
    {
      name: 'ipc-reaches-only-services',
      severity: 'error',
      from: { path: '^electron/ipc/', pathNot: tests },
      to: { path: '^electron/(?!ipc/|services/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-door-to-hosts',
      comment: 'Only transport/ reaches other machines and starts processes.',
      severity: 'error',
      from: { path: '^(electron|shared|renderer)/', pathNot: ['^electron/transport/', tests] },
      to: { path: '(^|/)(ssh2|node-pty|@lydell/node-pty)(/|$)|^(node:)?child_process$' },
    },
    {
      name: 'transport-knows-no-services',
      severity: 'error',
      from: { path: '^electron/transport/', pathNot: tests },
      to: { path: '^electron/(services|ipc|window|cli|main)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'services-know-no-ipc-or-window',
      severity: 'error',
      from: { path: '^electron/(services|storage)/', pathNot: tests },
      to: { path: '^electron/(ipc|window|cli|main\\.ts|preload\\.ts)' },
    },
    {
      name: 'command-line-in-plain-node',
      comment: 'The second composition root: no Electron anywhere below it.',
      severity: 'error',
      from: { path: '^electron/cli/', pathNot: tests },
      to: { path: '^electron/(window|ipc)/|^node_modules/electron/|^electron$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'features-apart',
      comment: 'Features share through stores, ui and shared; never with each other.',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/', pathNot: tests },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'stores-know-no-screens',
      severity: 'error',
      from: { path: '^renderer/stores/', pathNot: tests },
      to: { path: '^renderer/(features|ui)/' },
    },
    {
      name: 'building-blocks-are-dumb',
      comment: 'ui/ shows what it is given.',
      severity: 'error',
      from: { path: '^renderer/ui/', pathNot: tests },
      to: { path: '^renderer/(features|stores)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(electron|shared|renderer)/', pathNot: tests },
      to: { path: ['\\.test\\.ts$', '^test/', '^renderer/testing/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|renderer/generated)/' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { extensions: ['.ts', '.vue', '.mjs', '.js', '.d.ts', '.json'], conditionNames: ['import', 'require', 'node', 'default', 'types'], mainFields: ['module', 'main', 'types'] },
  },
};
