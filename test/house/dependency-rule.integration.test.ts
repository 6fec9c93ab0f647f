import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
let tree: string;

/** The verdict of `npm run lint` on a tree: null when clean, else what it prints. */
async function lint(folder: string): Promise<string | null> {
  try {
    await run(
      process.execPath,
      [
        join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        'src',
      ],
      { cwd: folder },
    );
    return null;
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? error);
  }
}

const VIOLATIONS = [
  {
    rule: 'domain-imports-only',
    file: 'src/domain/planted.ts',
    text: "import { connect } from '../db/connect.ts';\nexport const used = connect;\n",
  },
  {
    rule: 'domain-is-pure',
    file: 'src/domain/planted.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const used = readFileSync;\n",
  },
  {
    rule: 'avm-imports-only',
    file: 'src/avm/planted.ts',
    text: "import { migrate } from '../db/migrate.ts';\nexport const used = migrate;\n",
  },
  {
    rule: 'workflows-know-activities-as-types',
    file: 'src/workflows/planted.ts',
    text: "import { createActivities } from '../activities/index.ts';\nexport const used = createActivities;\n",
  },
  {
    rule: 'workflows-only-through-client',
    file: 'src/api/planted.ts',
    text: "import { state } from '../workflows/messages.ts';\nexport const used = state;\n",
  },
  {
    rule: 'settings-only-in-entry-points',
    file: 'src/activities/planted.ts',
    text: "import { readSettings } from '../settings.ts';\nexport const used = readSettings;\n",
  },
  {
    rule: 'demo-only-from-its-command',
    file: 'src/workers/planted.ts',
    text: "import { generateSample } from '../demo/sample.ts';\nexport const used = generateSample;\n",
  },
] as const;

describe('dependency rule', () => {
  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'reos-lint-'));
    await cp(join(ROOT, 'src'), join(tree, 'src'), { recursive: true });
    for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      await cp(join(ROOT, name), join(tree, name));
    await mkdir(join(tree, 'schema'), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  it('holds for the tree as it is, and fails for each planted violation by its name', async () => {
    expect(await lint(tree)).toBeNull();
    for (const { file, text } of VIOLATIONS)
      await writeFile(
        join(tree, file.replace('planted', `planted-${VIOLATIONS.findIndex((v) => v.text === text)}`)),
        text,
      );
    const verdict = await lint(tree);
    for (const [index, { rule, file }] of VIOLATIONS.entries()) {
      expect(verdict).toContain(`${rule}: ${file.replace('planted', `planted-${index}`)}`);
    }
  });
});
