import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const outDir = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** Builds the dashboard into `dist/web`: `npm run build`. */
export default defineConfig({
  root,
  base: '/',
  plugins: [react(), compress()],
  build: {
    outDir,
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // Files of their own: the page's policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
  },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/files': 'http://127.0.0.1:8080',
      '/mail-preview': 'http://127.0.0.1:8080',
    },
  },
});

const COMPRESSED = ['.js', '.css', '.html', '.svg', '.json', '.webmanifest'];

/** Writes each text file as .br and .gz beside itself, so that the server compresses nothing. */
function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    async closeBundle() {
      const toBrotli = promisify(brotliCompress);
      const toGzip = promisify(gzip);
      const names = await readdir(outDir, { recursive: true });
      for (const name of names.filter((one) => COMPRESSED.includes(extname(one)))) {
        const path = join(outDir, name);
        const bytes = await readFile(path);
        await writeFile(`${path}.br`, await toBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
        await writeFile(`${path}.gz`, await toGzip(bytes, { level: 9 }));
      }
    },
  };
}
