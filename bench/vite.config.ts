import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import viteConfig from '../vite.config.ts';

/** The server of the bench's page: the root is the project's, since the bench imports its source. */
export default defineConfig({
  ...viteConfig,
  root: fileURLToPath(new URL('..', import.meta.url)),
  // Of its own, so that a server of the lab that runs beside it is left alone, and gone when the bench is installed anew.
  cacheDir: fileURLToPath(new URL('node_modules/.vite', import.meta.url)),
  optimizeDeps: { entries: ['bench/index.html'] },
  server: {
    host: '127.0.0.1',
    port: 0,
    hmr: false,
    watch: null,
    // A page that shares memory with no other gets a clock of 5 µs instead of 100.
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
});
