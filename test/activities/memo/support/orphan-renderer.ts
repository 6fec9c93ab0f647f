/** Prints one page with the browser of the first argument, says the browser's pid on stdout, and then waits for its end. */
import { realRenderer } from './real-renderer.ts';

const [, , executablePath = ''] = process.argv;
const logger = {
  info: (fields: object) => void process.stdout.write(`${Reflect.get(fields, 'pid')}\n`),
  warn: () => undefined,
};
await realRenderer(executablePath, { logger }).render('<p>page</p>');
process.stdout.write('printed\n');
setInterval(() => undefined, 1_000);
