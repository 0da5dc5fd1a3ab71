import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';
import { assembly } from './scripts/assembly.mjs';

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

/**
 * Shaders are imported as text with `?raw`. What is built has them without the lines that only explain, which are half of them, and their
 * interface without its words.
 */
const shaders: Plugin = {
  name: 'attractor:shaders',
  apply: 'build',
  enforce: 'pre',
  load(id) {
    if (!id.endsWith('.wgsl?raw')) return null;
    const code = readFileSync(id.slice(0, -'?raw'.length), 'utf8');
    return `export default ${JSON.stringify(code.replace(/^ *\/\/.*\n/gm, '').replace(/^ +/gm, ''))};`;
  },
  transform(code, id) {
    if (!/\/webgpu\/(interface|learning\/structs)\.ts$/.test(id)) return null;
    const words = `(?:'[^'\\n]*'|"[^"\\n]*")`;
    const without = [
      [`\\b(u32|f32|vec4f|atomicU32)\\(\\s*${words},?\\s*\\)`, '$1()'],
      [`\\bstruct\\(\\s*('\\w+'),\\s*${words},`, `struct($1, '',`],
      [`\\b(uniform|read|readWrite)\\(\\s*('\\w+'),\\s*('[^'\\n]*'),\\s*${words},?\\s*\\)`, '$1($2, $3)'],
    ] as const;
    return {
      code: without.reduce((rest, [worded, plain]) => rest.replaceAll(new RegExp(worded, 'g'), plain), code),
      map: null,
    };
  },
};

export default defineConfig({
  // Relative, so that the built lab runs from any folder of any server.
  base: './',
  // The lab alone: the page of the bench needs packages that may not be installed.
  optimizeDeps: { entries: ['index.html'] },
  define: { __APP_VERSION__: JSON.stringify(version) },
  build: {
    target: 'es2023',
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // With zod itself, so that no chunk makes a schema before the page's policy is respected.
            { name: 'schemas', test: /node_modules\/zod\/|schemas-without-eval/ },
            // What most views need, in one piece: many small ones are larger together.
            { name: 'stage', test: /src\/lab\//, minShareCount: 4 },
          ],
        },
      },
    },
  },
  plugins: [assembly(), shaders],
  worker: { format: 'es', plugins: () => [assembly()] },
  server: { headers },
  preview: { headers },
});
