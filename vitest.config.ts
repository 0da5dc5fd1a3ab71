import { playwright } from '@vitest/browser-playwright';
import type { LaunchOptions } from 'playwright';
import { configDefaults, defineConfig, mergeConfig, type TestProjectConfiguration } from 'vitest/config';
import { browserArgs, findMachine } from './scripts/machine.mjs';
import { firefoxLaunch } from './scripts/other-browsers.mjs';
import viteConfig from './vite.config.ts';

const { executablePath, env } = findMachine();

/** The numeric suite: the same tests on every engine on Node, and on the GPU as its rule has it in the browser. */
const NUMERIC = 'src/engine/**/*.numeric.test.ts';
/** What goes through the kernels that the rule leaves out: Node's software adapter is six times faster at it. */
const NODE_ONLY = [
  'src/engine/webgpu/variants/variants.numeric.test.ts',
  'src/engine/webgpu/float16-weights.numeric.test.ts',
];
const BROWSER = 'src/**/*.browser.test.ts';
/** All of a bench, as a person starts it: most need packages of their own. */
const WHOLE_BENCH = 'bench/**/bench.test.ts';

/** For Firefox, whose WebGPU is another; how fast it answers is tested there as well. */
const ANOTHER_GPU = [NUMERIC, 'src/engine/**/*.browser.test.ts'];

const inBrowser = (
  browser: 'chromium' | 'firefox',
  include: string[],
  launchOptions: LaunchOptions,
): TestProjectConfiguration => ({
  extends: true,
  // The WebGPU of Node has no meaning in a browser, which brings its own.
  optimizeDeps: { include: ['fast-check'], exclude: ['webgpu'] },
  test: {
    name: browser,
    include,
    exclude: [...configDefaults.exclude, ...NODE_ONLY],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions }),
      instances: [{ browser }],
    },
  },
});

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      allowOnly: false,
      // A software adapter compiles a kernel at its first dispatch; the largest takes some ten seconds, and more on
      // a busy machine.
      testTimeout: 120_000,
      hookTimeout: 30_000,
      projects: [
        {
          extends: true,
          test: {
            name: 'node',
            include: ['src/**/*.test.ts', 'bench/**/*.test.ts'],
            exclude: [...configDefaults.exclude, BROWSER, WHOLE_BENCH],
            // Processes, since a Vulkan driver reads the environment of its process; two for all files, as loading the
            // modules anew for each file takes a third of the time of those that test no GPU.
            pool: 'forks',
            isolate: false,
            maxWorkers: 2,
            env,
          },
        },
        { extends: true, test: { name: 'bench', include: [WHOLE_BENCH], env } },
        inBrowser('chromium', [NUMERIC, BROWSER], {
          args: [...browserArgs],
          ...(executablePath ? { executablePath } : {}),
        }),
        inBrowser('firefox', ANOTHER_GPU, firefoxLaunch()),
      ],
    },
  }),
);
