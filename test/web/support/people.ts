import type { Page } from 'puppeteer';
import type { Role } from '../../../src/domain/policy.ts';
import { type ApiClient, createApiClient, take } from '../../../src/sdk/client.ts';
import type { components } from '../../../src/sdk/schema.ts';
import type { Person } from './browser.ts';

type Session = components['schemas']['Session'];

export const PASSWORD = 'correct horse battery staple 9';
let made = 0;

/** Somebody with a session, and the API as they may use it. */
export interface SignedUp {
  email: string;
  /** Their organisation. */
  tenantId: string;
  session: Session;
  api: ApiClient;
}

/** Makes an organisation with its first user, an admin. */
export async function registerOrganisation(url: string, name: string): Promise<SignedUp> {
  made += 1;
  const email = `admin-${made}-${Date.now()}@example.com`;
  const body = { organization_name: name, name: 'Ada Admin', email, password: PASSWORD };
  return signedUp(
    url,
    email,
    await take<Session>(createApiClient({ baseUrl: url }).POST('/api/v1/auth/register', { body })),
  );
}

/** Invites somebody into the admin's organisation, who accepts. */
export async function addColleague(url: string, admin: Pick<SignedUp, 'api'>, role: Role): Promise<SignedUp> {
  made += 1;
  const email = `${role}-${made}-${Date.now()}@example.com`;
  const invitation = await take<{ token: string }>(admin.api.POST('/api/v1/invitations', { body: { email, role } }));
  const body = { token: invitation.token, name: `Una ${role}`, password: PASSWORD };
  return signedUp(
    url,
    email,
    await take<Session>(createApiClient({ baseUrl: url }).POST('/api/v1/auth/accept-invitation', { body })),
  );
}

async function signedUp(url: string, email: string, session: Session): Promise<SignedUp> {
  const api = createApiClient({ baseUrl: url, credential: session.access_token });
  const me = await take<{ tenant: { id: string } }>(api.GET('/api/v1/auth/me'));
  return { email, tenantId: me.tenant.id, session, api };
}

/** The API as whoever is signed in on the page may use it. */
export async function apiOfPage(page: Page, url: string): Promise<ApiClient> {
  const credential = await page.evaluate(`JSON.parse(localStorage.getItem('reos.session')).accessToken`);
  return createApiClient({ baseUrl: url, credential: credential as string });
}

/** Signs a browser in without typing: the session is put where the dashboard keeps it. */
export async function signInto({ page }: Person, url: string, { session }: SignedUp): Promise<void> {
  await page.goto(`${url}/theme.js`);
  const kept = JSON.stringify({
    accessToken: session.access_token,
    refreshToken: session.refresh_token,
    expiresAt: Date.now() + session.expires_in * 1_000,
    user: session.user,
  });
  await page.evaluate(`localStorage.setItem('reos.session', ${JSON.stringify(kept)})`);
}
