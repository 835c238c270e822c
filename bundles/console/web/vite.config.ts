import { defineConfig } from 'vitest/config';
import { compressed } from './build/compressed';
import { licenses } from './build/licenses';

// A running server to work against: `NARTHEX_URL=http://localhost:9090 npm run dev`.
const server = process.env.NARTHEX_URL ?? 'http://localhost:9090';
const proxy = Object.fromEntries(
  ['/api', '/-/', '/metrics', '/system'].map((path) => [path, { target: server, changeOrigin: true }]),
);

export default defineConfig({
  base: './',
  esbuild: { jsx: 'automatic' },
  server: { proxy },
  preview: { proxy },
  plugins: [licenses(), compressed()],
  build: {
    outDir: '../target/classes/static',
    emptyOutDir: true,
    target: 'es2022',
    // Query (editor and chart) is a chunk of its own, and the largest: about 600 kB before compression.
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      // Mantine marks its files for frameworks that render on a server, which is no concern of a bundle for browsers.
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test-setup.ts'],
    css: false,
    // Node would take its CommonJS form, and with it a second copy of CodeMirror.
    server: { deps: { inline: [/@prometheus-io/] } },
    alias: [{ find: /^(@prometheus-io\/codemirror-promql)$/, replacement: '$1/dist/esm/index.js' }],
  },
});
