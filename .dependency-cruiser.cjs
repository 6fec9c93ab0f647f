// The dependency rule of ARCHITECTURE.md: which room may use which. `npm run lint` checks it.
const room = (...names) => `^src/(${names.join('|')})(/|\\.ts$)`;
/** A room may import only the rooms named. */
const only = (name, rooms, comment) => ({
  name: `${name}-imports-only`,
  comment,
  severity: 'error',
  from: { path: room(name) },
  to: { path: '^src/', pathNot: room(name, ...rooms) },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('domain', [], 'The domain is pure: it knows no other room.'),
    {
      name: 'domain-is-pure',
      comment: 'No package that reaches outside; hashing and time zones are pure.',
      severity: 'error',
      from: { path: room('domain') },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        pathNot: ['node_modules/(zod|uuid|luxon|@types/luxon)/', '^(node:)?crypto$'],
      },
    },
    only('http', ['domain'], 'The guarded client.'),
    only('sdk', [], 'The client of the API: it runs in a browser too.'),
    {
      name: 'sdk-runs-anywhere',
      comment: 'Nothing of Node, and only packages that a browser can load.',
      severity: 'error',
      from: { path: room('sdk') },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        pathNot: 'node_modules/(openapi-fetch|openapi-typescript-helpers|eventsource-parser)/',
      },
    },
    only('storage', ['domain'], 'Where files lie.'),
    only('config', ['domain'], 'Reading YAML.'),
    only('db', ['domain'], 'Queries as plain functions.'),
    only('avm', ['domain'], 'The valuation model: numbers in, numbers out.'),
    only('intelligence', ['domain', 'db', 'http', 'storage'], 'Questions to the warehouses, and their answers.'),
    only(
      'activities',
      ['domain', 'db', 'http', 'storage', 'config', 'avm', 'intelligence'],
      'Side effects; the parts come in as arguments.',
    ),
    {
      name: 'workflows-know-activities-as-types',
      comment: 'Workflow code is deterministic: values come from the domain and from Temporal alone.',
      severity: 'error',
      from: { path: room('workflows') },
      to: { path: '^src/', pathNot: room('workflows', 'domain'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'No Node modules, and no package but Temporal’s.',
      severity: 'error',
      from: { path: room('workflows') },
      to: {
        dependencyTypes: ['core', 'npm'],
        pathNot: 'node_modules/@temporalio/(workflow|common)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'client-knows-activities-as-types',
      severity: 'error',
      from: { path: room('client') },
      to: { path: '^src/', pathNot: room('client', 'domain', 'workflows'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-only-through-client',
      comment: 'API, command line and demonstration reach workflows through the client.',
      severity: 'error',
      from: { path: room('api', 'cli', 'demo', 'runtime') },
      to: { path: room('workflows') },
    },
    only('api', ['domain', 'db', 'http', 'storage', 'client', 'intelligence'], 'HTTP.'),
    only('web', ['sdk', 'domain'], 'The dashboard knows the API alone, and pure rules.'),
    only('runtime', ['domain', 'db', 'secrets'], 'The embedded parts and their supervision.'),
    {
      name: 'settings-only-in-entry-points',
      comment: 'Settings are read once and passed down; other rooms know their shape at most.',
      severity: 'error',
      from: { path: '^src/', pathNot: room('cli', 'settings', 'settings-schema') },
      to: { path: '^src/settings(-schema)?\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'demo-only-from-its-command',
      comment: 'Product code meets the demonstration over HTTP only.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/demo/', '^src/cli/commands/(demo|up)\\.ts$'] },
      to: { path: room('demo') },
    },
    {
      name: 'nothing-imports-the-command-line',
      severity: 'error',
      from: { path: '^src/', pathNot: room('cli') },
      to: { path: room('cli') },
    },
    {
      name: 'nothing-imports-the-workers',
      severity: 'error',
      from: { path: '^src/', pathNot: room('cli', 'workers') },
      to: { path: room('workers') },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-packages',
      severity: 'error',
      // The dashboard is bundled when it is built: what it uses is not there when the product runs.
      from: { path: '^src/', pathNot: '^src/web/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.css', '.js', '.mjs', '.cjs', '.d.ts'],
    },
  },
};
