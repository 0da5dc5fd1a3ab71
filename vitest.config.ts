import { playwright } from '@vitest/browser-playwright';
import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import { browserArgs, findMachine } from './scripts/machine.mjs';
import viteConfig from './vite.config.ts';

const { executablePath, env } = findMachine();

/** The numeric suite: the same tests on every engine, on Node and in the browser. */
const NUMERIC = 'src/engine/**/*.numeric.test.ts';
const BROWSER = 'src/**/*.browser.test.ts';

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
            exclude: [...configDefaults.exclude, BROWSER],
            // A process of its own for each file: a Vulkan driver reads the environment of its process.
            pool: 'forks',
            env,
          },
        },
        {
          extends: true,
          // The WebGPU of Node has no meaning in a browser, which brings its own.
          optimizeDeps: { include: ['fast-check'], exclude: ['webgpu'] },
          test: {
            name: 'chromium',
            include: [NUMERIC, BROWSER],
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({
                launchOptions: { args: [...browserArgs], ...(executablePath ? { executablePath } : {}) },
              }),
              instances: [{ browser: 'chromium' }],
            },
          },
        },
      ],
    },
  }),
);
