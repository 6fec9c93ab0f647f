import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { readContactFile } from '../../activities/outreach/contact-file.ts';
import { importContacts } from '../../activities/outreach/contact-import.ts';
import { answerOfContacts, readSaidContacts } from '../../activities/outreach/contact-reading.ts';
import { loadPlaces } from '../../config/contact-places.ts';
import { openCounties } from '../../config/county-index.ts';
import { ReosError } from '../../domain/errors.ts';
import type { FileSayings } from '../../domain/outreach/contact-sayings.ts';
import { take } from '../../sdk/client.ts';
import { chooseOrMakeTenant, useSystem } from '../context.ts';
import type { EitherVerb } from '../main.ts';
import { installationKeys, kindOf, operatorName } from './contact-context.ts';
import { tellDryRun, tellImport } from './contact-import-text.ts';

/** `reos contact import FILE`: contacts from a CSV or JSON file with any headings. */
export const contactImport: EitherVerb = {
  describe: (command) =>
    command
      .description('Read contacts from a CSV or JSON file; rows with a problem are refused, the rest is kept')
      .argument('<file>', 'the file')
      .requiredOption('--kind <kind>', 'investor, partner or owner')
      .option('--dry-run', 'show what each column is taken for, the problems and the counts; store nothing')
      .option('--map <heading=field>', 'say what a column is: "Work=email", "Notes=ignore" (repeatable)', collect)
      .option('--time-zone <zone>', 'time zone of rows that have none, such as America/Chicago')
      .option('--state <state>', 'state of rows that have none, such as TX')
      .option('--county <slug>', 'county of the properties that owners have, where the file has no such column')
      .option('--rejects <file>', 'where refused rows go (default: FILE.rejects.csv, only when there are some)')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos contact import investors.csv --kind investor --dry-run\n  $ reos contact import owners.csv --kind owner --county king-wa',
      ),
  async run(context, [path], options) {
    const { configDir } = context.settings;
    const said = sayingsOf(options);
    const { kind } = said;
    const deps = { places: loadPlaces(configDir), counties: await openCounties(configDir) };
    const file = await readContactFile(resolve(path!));
    const read = readSaidContacts(deps, file, said, { state: '--state', columns: '--map' }, new Date());
    if (options.dryRun === true) {
      const answer = { ...answerOfContacts(file, read, read.problems), stored: false };
      return tellDryRun(context.output, answer);
    }
    return useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseOrMakeTenant(context, system.db);
      const to = { tenantId: tenant.id, kind, file: file.file, importedBy: operatorName() };
      const done = await importContacts({ db: system.db, keys: installationKeys(context) }, to, read.candidates);
      const problems = [...read.problems, ...done.problems].sort((a, b) => a.line - b.line);
      const { problems: _, propertiesLinked: properties_linked, buyBoxes: buy_boxes, ...counts } = done;
      const answer = {
        ...answerOfContacts(file, read, problems),
        tenant: tenant.slug,
        stored: true,
        ...counts,
        properties_linked,
        buy_boxes,
      };
      return tellImport(context.output, file, answer, rejectsPath(path!, options));
    });
  },
  async askRemote({ api, output }, [path], options) {
    const said = sayingsOf(options);
    const local = resolve(path!);
    const file = await readContactFile(local);
    const query = {
      kind: said.kind,
      file_name: basename(local),
      dry_run: options.dryRun === true,
      ...(said.timeZone === null ? {} : { time_zone: said.timeZone }),
      ...(said.state === null ? {} : { state: said.state }),
      ...(said.county === null ? {} : { county: said.county }),
      ...(said.columns.length === 0 ? {} : { columns: JSON.stringify(Object.fromEntries(said.columns)) }),
    };
    // The body is the file itself, which the types of the routes call text.
    const raw = {
      body: await readFile(local),
      bodySerializer: (body: Uint8Array) => body,
      headers: { 'Content-Type': 'application/octet-stream' },
    } as unknown as { body: string };
    const answer = await take(api.POST('/api/v1/contacts/import', { params: { query }, ...raw }));
    if (answer.problem !== null) throw new ReosError('validation', answer.problem);
    if (!answer.stored) return tellDryRun(output, answer);
    return tellImport(output, file, answer, rejectsPath(path!, options));
  },
};

const rejectsPath = (path: string, options: Record<string, unknown>) =>
  resolve((options.rejects as string | undefined) ?? `${path}.rejects.csv`);

/** @throws ReosError `validation` */
function sayingsOf(options: Record<string, unknown>): FileSayings {
  const given = (value: unknown) => (value === undefined ? null : String(value));
  const columns = ((options.map as string[] | undefined) ?? []).map((text) => {
    const at = text.lastIndexOf('=');
    if (at < 1) throw new ReosError('validation', `--map "${text}": say it as "Heading=field".`);
    return [text.slice(0, at).trim(), text.slice(at + 1).trim()] as const;
  });
  return {
    kind: kindOf(options.kind),
    timeZone: given(options.timeZone),
    state: given(options.state),
    county: given(options.county),
    columns,
  };
}

const collect = (text: string, before: string[] = []) => [...before, text];
