/**
 * Runs one of the measurements in this folder: `npm run bench -- NAME [options]`. Without a name it lists them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const own = basename(fileURLToPath(import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== own)
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

/** The first sentence of what the file says about itself. */
function purposeOf(name: string): string {
  const head = /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(join(folder, `${name}.ts`), 'utf8'))?.[1] ?? '';
  const words = head
    .replace(/^\s*\* ?/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return /^.*?[.:](?=\s|$)/.exec(words)?.[0].replace(/:$/, '.') ?? words;
}

const [name, ...rest] = process.argv.slice(2);
if (name !== undefined && names.includes(name)) {
  const file = join(folder, `${name}.ts`);
  // The file finds itself as the program and its options behind it, as if it had been called alone.
  process.argv = [process.argv[0]!, file, ...rest];
  await import(pathToFileURL(file).href);
} else {
  const list = names.map((each) => `  ${each.padEnd(20)} ${purposeOf(each)}`).join('\n');
  if (name !== undefined) process.stderr.write(`There is no measurement "${name}". There are:\n${list}\n`);
  else process.stdout.write(`npm run bench -- NAME [options]\n${list}\n`);
  process.exitCode = name === undefined ? 0 : 1;
}
