/**
 * Who may import whom. Imports run one way:
 *
 *     lab, cli → experiments → records → memory → engine → solve → network → numbers,  memory → patterns
 *     records → codecs → numbers,  lab, cli, experiments → train → data, engine, codecs,  lab, cli, experiments → data → codecs, patterns
 *     bench → cli, data, train, memory, engine, solve, network, numbers
 *
 * Tests may build on anything; nothing builds on a test, and nothing anywhere runs in a circle.
 */
const TESTS = '\\.test\\.ts$';

/** What only tests use: it may build on anything as they may, and nothing else may build on it. */
const TEST_SUPPORT = '^src/testing/';
const TEST_SIDE = [TESTS, TEST_SUPPORT];

/** The folders of src/ that each folder may import, besides itself. */
const MAY_IMPORT = {
  numbers: [],
  codecs: ['numbers'],
  network: ['numbers'],
  solve: ['numbers', 'network'],
  engine: ['numbers', 'network', 'solve'],
  data: ['codecs', 'patterns'],
  train: ['numbers', 'codecs', 'network', 'solve', 'engine', 'data'],
  patterns: [],
  memory: ['numbers', 'network', 'solve', 'engine', 'patterns'],
  records: ['numbers', 'codecs', 'network', 'solve', 'engine', 'patterns', 'memory'],
  experiments: [
    'numbers',
    'codecs',
    'network',
    'solve',
    'engine',
    'data',
    'train',
    'patterns',
    'memory',
    'records',
  ],
  lab: [
    'numbers',
    'codecs',
    'network',
    'solve',
    'engine',
    'data',
    'train',
    'patterns',
    'memory',
    'records',
    'experiments',
  ],
  cli: [
    'numbers',
    'codecs',
    'network',
    'solve',
    'engine',
    'data',
    'train',
    'patterns',
    'memory',
    'records',
    'experiments',
  ],
};

const directions = Object.entries(MAY_IMPORT).map(([folder, others]) => ({
  name: `${folder}-looks-down-only`,
  comment: `src/${folder} may import ${others.length ? `src/{${others.join(',')}} and ` : ''}itself, nothing else of src/`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: TEST_SIDE },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...others].join('|')})/` },
}));

/** What a room of src/lab/views may import of the others. */
const MAY_SEE = {
  bench: ['bench', 'shared'],
  recall: ['recall', 'stage', 'shared'],
  classify: ['classify', 'stage', 'shared'],
  stage: ['stage', 'shared'],
  shared: ['shared'],
};

/** @param {string} name @param {string} packages @param {string} home */
const onlyIn = (name, packages, home) => ({
  name,
  comment: `only ${home} may use these packages`,
  severity: 'error',
  from: { path: '^src/', pathNot: [`^${home}/`, ...TEST_SIDE] },
  to: { path: `(^|/)node_modules/(${packages})(/|$)` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...directions,
    {
      name: 'cpu-never-sees-webgpu',
      comment: 'the two engines share only what stands above them in src/engine',
      severity: 'error',
      from: { path: '^src/engine/cpu/', pathNot: TEST_SIDE },
      to: { path: ['^src/engine/webgpu/', '^shaders/'] },
    },
    {
      name: 'webgpu-never-sees-cpu',
      comment: 'the two engines share only what stands above them in src/engine',
      severity: 'error',
      from: { path: '^src/engine/webgpu/', pathNot: TEST_SIDE },
      to: { path: '^src/engine/cpu/' },
    },
    {
      name: 'reference-stands-alone',
      comment: 'the oracle shares no way of computing with the engines that are held to it',
      severity: 'error',
      from: { path: '^src/engine/reference/', pathNot: TEST_SIDE },
      to: { path: ['^src/engine/(cpu|webgpu|worker)/', '^shaders/'] },
    },
    {
      name: 'shaders-belong-to-webgpu',
      comment: 'only src/engine/webgpu touches a GPUDevice, so it alone needs WGSL',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/engine/webgpu/', ...TEST_SIDE] },
      to: { path: '^shaders/' },
    },
    {
      name: 'ui-knows-no-store',
      comment: 'fields, menus and pictures are given what they show, and say what was done to them',
      severity: 'error',
      from: { path: '^src/lab/ui/' },
      to: { path: '^src/lab/', pathNot: '^src/lab/ui/' },
    },
    ...['bench', 'recall', 'classify', 'stage', 'shared'].map((view) => ({
      name: `${view}-stands-alone`,
      comment:
        'a view is loaded when it is opened; what two of them need is in views/stage, which has no view, in views/shared, actions or ui',
      severity: 'error',
      from: { path: `^src/lab/views/${view}/` },
      to: { path: '^src/lab/views/', pathNot: `^src/lab/views/(${MAY_SEE[view].join('|')})/` },
    })),
    onlyIn('webgpu-package-in-webgpu-engine', 'webgpu', 'src/engine/webgpu'),
    onlyIn('command-line-package-in-cli', 'commander|@commander-js', 'src/cli'),
    onlyIn('png-package-in-cli', 'pngjs', 'src/cli'),
    onlyIn(
      'interface-packages-in-lab',
      'image-dimensions|lit|lit-html|lit-element|@lit|@lit-labs|chart\\.js|idb|zustand|lucide-static|@fontsource-variable',
      'src/lab',
    ),
    {
      name: 'pure-core',
      comment: 'numbers, network and solve are mathematics: they need no package at all',
      severity: 'error',
      from: { path: '^src/(numbers|network|solve)/', pathNot: TEST_SIDE },
      to: { path: '(^|/)node_modules/' },
    },
    {
      name: 'node-in-cli-only',
      comment: 'everything but src/cli also runs in a browser',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/cli/', ...TEST_SIDE] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-import-of-tests',
      severity: 'error',
      from: {},
      to: { path: [TESTS, '\\.spec\\.ts$'] },
    },
    {
      name: 'e2e-sees-only-the-page',
      comment:
        'a person does not see the source either; the pictures that ship with the lab, and types, are fine',
      severity: 'error',
      from: { path: '^e2e/' },
      to: { path: '^src/', pathNot: '^src/(patterns|testing)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'bench-sees-what-it-measures',
      comment:
        'the bench uses the engine as anybody would, and the command line where it trains; it knows nothing of the application',
      severity: 'error',
      from: { path: '^bench/', pathNot: TESTS },
      to: {
        path: ['^src/', '^shaders/'],
        pathNot: '^src/(numbers|network|solve|engine|memory|data|train|cli|testing/random-network)',
      },
    },
    {
      name: 'nothing-builds-on-the-bench',
      comment: 'what is measured does not know that it is',
      severity: 'error',
      from: { path: '^(src|shaders|e2e)/' },
      to: { path: '^bench/' },
    },
    {
      name: 'tensorflow-in-the-bench-only',
      comment: 'it is there to be compared with',
      severity: 'error',
      from: { pathNot: '^bench/tensorflow\\.ts$' },
      // With or without a folder before it: where the bench is not installed, the name is all there is.
      to: { path: '(^|/)@tensorflow/' },
    },
    {
      name: 'test-support-for-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST_SIDE },
      to: { path: TEST_SUPPORT },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'a file that nobody imports and that imports nobody has no use',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '\\.worker\\.ts$', TESTS, '\\.spec\\.ts$'] },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'an import that leads nowhere cannot be checked',
      severity: 'error',
      from: {},
      // Resolved or not, the bench's own packages have the rule above.
      to: { couldNotResolve: true, pathNot: '^@tensorflow/' },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'a package that package.json does not name is there by luck',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-packages-in-the-app',
      comment: 'what ships stands under dependencies; only the WebGPU of Node is for development alone',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST_SIDE },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/webgpu/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // The bench has a package.json of its own, and uses the packages of the root's too.
    combinedDependencies: true,
    // Imports of types alone count too: they are directions as much as any other.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'module', 'browser', 'types', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
