import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const outDir = fileURLToPath(new URL('../../dist/web', import.meta.url));

const WORKER = 'service-worker';

/** Builds the dashboard into `dist/web`: `npm run build`. */
export default defineConfig({
  root,
  base: '/',
  plugins: [production(), react(), shellList(), compress()],
  build: {
    outDir,
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // Files of their own: the page's policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: join(root, 'index.html'), [WORKER]: join(root, 'service-worker.ts') },
      output: {
        // The service worker serves the whole site, so it stands at its root, under a name that stays.
        entryFileNames: ({ name }) => (name === WORKER ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
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

/** A build is for production also where the process that asks for it (a test run) says otherwise in NODE_ENV. */
function production(): Plugin {
  const before = process.env.NODE_ENV;
  return {
    name: 'production',
    apply: 'build',
    config() {
      process.env.NODE_ENV = 'production';
    },
    closeBundle() {
      if (before !== undefined) process.env.NODE_ENV = before;
    },
  };
}

/** What of the build is not kept for reading offline: the worker itself, and what is only downloaded. */
const NOT_KEPT = /^service-worker\.js$|^\.vite\/|\.(csv|map|br|gz)$/;

/** Tells the service worker what the shell is: every file of the build, and a name that changes with any of them. */
function shellList(): Plugin {
  return {
    name: 'shell-list',
    apply: 'build',
    async writeBundle({ dir: folder = outDir }) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const names = entries
        .filter((one) => one.isFile())
        .map((one) => relative(folder, join(one.parentPath, one.name)).replaceAll('\\', '/'))
        .filter((name) => !NOT_KEPT.test(name))
        .sort();
      const hash = createHash('sha256');
      for (const name of names) hash.update(name).update(await readFile(join(folder, name)));
      const files = names.map((name) => (name === 'index.html' ? '/' : `/${name}`));
      const shell = { name: hash.digest('hex').slice(0, 16), files: [...files, '/dashboard.json'] };
      const path = join(folder, `${WORKER}.js`);
      const code = await readFile(path, 'utf8');
      await writeFile(path, `self.REOS_SHELL=${JSON.stringify(shell)};\n${code}`);
    },
  };
}

const COMPRESSED = ['.js', '.css', '.html', '.svg', '.json', '.webmanifest'];

/** Writes each text file as .br and .gz beside itself, so that the server compresses nothing. */
function compress(): Plugin {
  let folder = outDir;
  return {
    name: 'compress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const toBrotli = promisify(brotliCompress);
      const toGzip = promisify(gzip);
      const names = await readdir(folder, { recursive: true });
      for (const name of names.filter((one) => COMPRESSED.includes(extname(one)))) {
        const path = join(folder, name);
        const bytes = await readFile(path);
        await writeFile(`${path}.br`, await toBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
        await writeFile(`${path}.gz`, await toGzip(bytes, { level: 9 }));
      }
    },
  };
}
