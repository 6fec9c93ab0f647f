import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Service {
  image: string;
  restart?: string;
  healthcheck?: { test: string[]; interval: string; timeout: string; retries: number };
  volumes?: string[];
  configs?: { source: string; target: string }[];
  ports?: string[];
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  configs: Record<string, { file: string }>;
}

const text = readFileSync('docker-compose.yaml', 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const isJob = (service: Service) => service.restart === 'on-failure';
const dockerfile = readFileSync('deploy/Dockerfile', 'utf8');
const example = readFileSync('.env.example', 'utf8');
const exampleNames = [...example.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map((match) => match[1]);

describe('docker-compose.yaml', () => {
  it('has the parts of a whole set-up', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      [
        ...['api', 'databases', 'migrate', 'postgres', 's3', 's3-bucket', 'schedules', 'temporal'],
        ...['temporal-namespace', 'temporal-schema', 'temporal-ui', 'worker', 'worker-render'],
      ].sort(),
    );
  });

  it.each(services)('%s: the image is pinned to a version', (_name, service) => {
    expect(service.image).toMatch(/:v?\d+\.\d+[\w.-]*$/);
  });

  it('the base of our own image is pinned to a version', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(bases.length).toBeGreaterThan(0);
    for (const base of bases) expect(base).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
  });

  it('our own image runs as a user without rights and installs no development packages', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toContain('npm ci --omit=dev');
  });

  it.each(services.filter(([, service]) => !isJob(service)))('%s: runs on, and says how it is', (_name, service) => {
    expect(service.restart).toBe('unless-stopped');
    expect(service.healthcheck).toMatchObject({ retries: expect.any(Number), timeout: expect.any(String) });
    expect(service.healthcheck?.test[0]).toBe('CMD');
  });

  it.each(services)('%s: waits for a job to end and for a service to be healthy', (_name, service) => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      const dependency = compose.services[other];
      expect(dependency, other).toBeDefined();
      expect(condition).toBe(isJob(dependency!) ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  it.each(services)('%s: keeps data in named volumes only', (_name, service) => {
    for (const volume of service.volumes ?? []) {
      expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
    for (const config of service.configs ?? []) expect(Object.keys(compose.configs)).toContain(config.source);
  });

  it('files that are mounted are files of the project', () => {
    for (const { file } of Object.values(compose.configs)) {
      expect(file).toMatch(/^\.\/deploy\//);
      expect(existsSync(file), file).toBe(true);
    }
  });

  it('paths in entry points and health checks are files of the project', () => {
    const words = services.flatMap(([, service]) => [
      ...(service.entrypoint ?? []),
      ...(service.healthcheck?.test ?? []),
    ]);
    const files = words.filter((word) => word.startsWith('deploy/'));
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const file of files) expect(existsSync(file), file).toBe(true);
  });

  it('ports are opened on loopback unless the operator says otherwise', () => {
    for (const [, service] of services) {
      for (const port of service.ports ?? []) expect(port).toMatch(/^\$\{REOS_BIND:-127\.0\.0\.1\}:/);
    }
  });

  it('secrets are required with a message and have no default', () => {
    const variables = [...text.matchAll(/\$\{([A-Z0-9_]+)([^}]*)\}/g)];
    // What a provider gives is left out where the provider is not used.
    const secrets = variables.filter(([, name]) => /PASSWORD|SECRET|ACCESS_KEY/.test(name!) && !/^LOB_/.test(name!));
    expect(new Set(secrets.map(([, name]) => name))).toEqual(
      new Set([
        ...['POSTGRES_PASSWORD', 'REOS_DB_PASSWORD', 'TEMPORAL_DB_PASSWORD'],
        ...['REOS_SECRET_KEY', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
      ]),
    );
    for (const [whole, , rest] of secrets) expect(rest, whole).toMatch(/^:\?\S+/);
    // No service writes a password out.
    for (const [name, service] of services) {
      for (const [key, value] of Object.entries(service.environment ?? {})) {
        if (/PASSWORD|PWD|SECRET|ACCESS_KEY/.test(key)) expect(value, `${name}.${key}`).toMatch(/^\$\{/);
      }
    }
  });

  it('.env.example names every variable, and holds no secret', () => {
    const used = new Set([...text.matchAll(/\$\{([A-Z0-9_]+)/g)].map((match) => match[1]));
    expect(new Set(exampleNames)).toEqual(used);
    expect(example).not.toMatch(/^(\w*(?:PASSWORD|SECRET|KEY)\w*)=.+$/m);
  });

  it('every setting given to our own services is one that src/settings-schema.ts knows', () => {
    const known = readFileSync('src/settings-schema.ts', 'utf8');
    for (const [name, service] of services) {
      if (!service.image.startsWith('reos:') || name === 'databases') continue;
      for (const key of Object.keys(service.environment ?? {})) expect(known, `${name}: ${key}`).toContain(`${key}:`);
    }
  });

  it('the workers together serve every task queue', () => {
    const queues = services.flatMap(([, { command }]) =>
      command?.[0] === 'worker' ? command[command.indexOf('--queues') + 1]!.split(',') : [],
    );
    expect(queues.sort()).toEqual(['core', 'enrich', 'render', 'scrape', 'send']);
  });
});

/** The compose program: docker's plug-in, or the one that `go install` makes, which is called `cmd`. */
function findCompose(): string[] | null {
  if (spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0) return ['docker', 'compose'];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), 'go', 'bin')];
  for (const [folder, name] of folders.flatMap((folder) => [
    [folder, 'docker-compose'],
    [folder, 'cmd'],
  ])) {
    const path = join(folder!, name!);
    if (!existsSync(path)) continue;
    const answer = spawnSync(path, ['version'], { encoding: 'utf8' });
    if (answer.status === 0 && answer.stdout.includes('Docker Compose')) return [path];
  }
  return null;
}

const program = findCompose();
const title =
  program === null
    ? 'docker compose config (skipped: no compose program; go install github.com/docker/compose/v2/cmd@v2.29.7)'
    : 'docker compose config';

describe.skipIf(program === null)(title, () => {
  const config = (env: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'compose-'));
    try {
      const file = join(folder, 'env');
      writeFileSync(file, env);
      const [path, ...args] = program!;
      const { PATH, HOME } = process.env;
      return execFileSync(
        path!,
        [...args, '--env-file', file, '-f', 'docker-compose.yaml', 'config', '--format', 'json'],
        {
          encoding: 'utf8',
          stdio: 'pipe',
          env: { PATH, HOME },
        },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  it('accepts the file once .env is filled in', () => {
    const resolved = JSON.parse(config(example.replace(/^([A-Z0-9_]+)=$/gm, '$1=value'))) as {
      services: Record<string, { environment: Record<string, string> }>;
    };
    expect(resolved.services['api']?.environment['DATABASE_URL']).toBe('postgres://reos:value@postgres:5432/reos');
  });

  it('names the variable that is missing', () => {
    const filled = example.replace(/^([A-Z0-9_]+)=$/gm, '$1=value').replace(/^REOS_SECRET_KEY=.*$/m, '');
    expect(() => config(filled)).toThrow(/REOS_SECRET_KEY.*\.env\.example/);
  });
});
