import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/**
 * Cross-origin isolation, which shared memory and exact clocks need; docs/hosting.md says how other servers send the same.
 */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Shaders are imported as text with `?raw`, which Vite knows by itself. */
export default defineConfig({
  // Relative, so that the built lab runs from any folder of any server.
  base: './',
  // The lab alone: the page of the bench needs packages that may not be installed.
  optimizeDeps: { entries: ['index.html'] },
  define: { __APP_VERSION__: JSON.stringify(version) },
  build: { target: 'es2023' },
  worker: { format: 'es' },
  server: { headers },
  preview: { headers },
});
