#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `reos needs Node.js 20.19 or newer; this is ${process.versions.node}. Install a newer one from nodejs.org.\n`,
  );
  process.exit(3);
}
// `reos … | head`: the reader has what it wants.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const { register } = await import('tsx/esm/api');
register();
const { main } = await import('../src/cli/main.ts');
const code = await main(process.argv.slice(2));
// Not left to the event loop: a part that failed may hold it open, and its supervisor waits for the end.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
