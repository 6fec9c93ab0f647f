import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  Outlet,
  useNavigate,
} from '@tanstack/react-router';
import { type ComponentType, useEffect } from 'react';
import { onUserChange, readSession, useSession } from './app/session.ts';
import { Shell } from './app/shell.tsx';
import { SignInScreen } from './screens/sign-in/sign-in.tsx';
import { EmptyState, ErrorState, Loading } from './ui/states.tsx';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NothingHere,
});

function NothingHere() {
  return (
    <main>
      <title>Nothing here · Real Estate OS</title>
      <EmptyState title="There is nothing at this address" action={<Link to="/">Go to the overview</Link>} />
    </main>
  );
}

/** Everything behind the sign-in; whoever is not signed in is asked to. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Inside,
});

let wasSignedIn = readSession() !== null;
onUserChange(() => {
  wasSignedIn = true;
});

function Inside() {
  const isSignedIn = useSession() !== null;
  const navigate = useNavigate();
  useEffect(() => {
    const { href } = router.state.location;
    if (isSignedIn || href.startsWith('/sign-in')) return;
    // Whoever has just signed out does not come back to where that was.
    const search = wasSignedIn || href === '/' ? {} : { next: href };
    void navigate({ to: '/sign-in', search, replace: true });
  }, [isSignedIn, navigate]);
  return isSignedIn ? <Shell /> : null;
}

/** What stands after the question mark; each screen reads what it knows. */
const anySearch = (search: Record<string, unknown>) => search;

/** A screen is loaded when it is first opened. */
function screen<P extends string, N extends string>(path: P, load: () => Promise<Record<N, ComponentType>>, name: N) {
  return createRoute({
    getParentRoute: () => inside,
    path,
    validateSearch: anySearch,
    component: lazyRouteComponent(load, name),
  });
}

const screens = [
  screen('/', () => import('./screens/overview/screen.tsx'), 'OverviewScreen'),
  screen('/start', () => import('./screens/start/screen.tsx'), 'StartScreen'),
  screen('/properties', () => import('./screens/properties/screen.tsx'), 'PropertiesScreen'),
  screen('/properties/$propertyId', () => import('./screens/property/screen.tsx'), 'PropertyScreen'),
  screen('/campaigns', () => import('./screens/campaigns/screen.tsx'), 'CampaignsScreen'),
  screen('/campaigns/new', () => import('./screens/campaigns/new.tsx'), 'NewCampaignScreen'),
  screen('/campaigns/unknowns', () => import('./screens/campaigns/unknowns.tsx'), 'UnknownSendsScreen'),
  screen('/campaigns/outbox', () => import('./screens/campaigns/outbox.tsx'), 'OutboxScreen'),
  screen('/campaigns/$campaignId', () => import('./screens/campaigns/campaign.tsx'), 'CampaignScreen'),
  screen('/contacts', () => import('./screens/contacts/screen.tsx'), 'ContactsScreen'),
  screen('/market', () => import('./screens/market/screen.tsx'), 'MarketScreen'),
  screen('/market/trend', () => import('./screens/market/trend.tsx'), 'MarketTrendScreen'),
  screen('/market/packets', () => import('./screens/market/packets.tsx'), 'PacketsScreen'),
  screen('/market/deals', () => import('./screens/market/deals.tsx'), 'DealsScreen'),
  screen('/market/briefings', () => import('./screens/market/briefings.tsx'), 'BriefingsScreen'),
  screen('/market/signals', () => import('./screens/market/signals.tsx'), 'SignalsScreen'),
  screen('/market/feeds', () => import('./screens/market/feeds.tsx'), 'FeedsScreen'),
  screen('/market/confidence', () => import('./screens/market/confidence.tsx'), 'ConfidenceScreen'),
  screen('/scoreboard', () => import('./screens/scoreboard/screen.tsx'), 'ScoreboardScreen'),
  screen('/operations', () => import('./screens/operations/schedules.tsx'), 'SchedulesScreen'),
  screen('/operations/runs', () => import('./screens/operations/runs.tsx'), 'RunsScreen'),
  screen('/operations/failures', () => import('./screens/operations/failures.tsx'), 'FailuresScreen'),
  screen('/operations/quality', () => import('./screens/operations/quality.tsx'), 'QualityScreen'),
  screen('/operations/costs', () => import('./screens/operations/costs.tsx'), 'CostsScreen'),
  screen('/operations/health', () => import('./screens/operations/health.tsx'), 'HealthScreen'),
  screen('/operations/sources', () => import('./screens/operations/sources.tsx'), 'SourcesScreen'),
  screen('/operations/audit', () => import('./screens/operations/audit.tsx'), 'AuditScreen'),
  screen('/upload', () => import('./screens/upload/screen.tsx'), 'UploadScreen'),
  screen('/upload/$importId', () => import('./screens/upload/file.tsx'), 'UploadedFileScreen'),
  screen('/settings', () => import('./screens/settings/profile.tsx'), 'ProfileScreen'),
  screen('/settings/organisation', () => import('./screens/settings/organisation.tsx'), 'OrganisationScreen'),
  screen('/settings/users', () => import('./screens/settings/users.tsx'), 'UsersScreen'),
  screen('/settings/api-keys', () => import('./screens/settings/api-keys.tsx'), 'ApiKeysScreen'),
  screen('/settings/webhooks', () => import('./screens/settings/webhooks.tsx'), 'WebhooksScreen'),
  screen('/settings/templates', () => import('./screens/settings/templates.tsx'), 'TemplatesScreen'),
  screen('/settings/weights', () => import('./screens/settings/weights.tsx'), 'WeightsScreen'),
];

const outside = [
  createRoute({ getParentRoute: () => root, path: '/sign-in', validateSearch: anySearch, component: SignInScreen }),
  createRoute({
    getParentRoute: () => root,
    path: '/register',
    component: lazyRouteComponent(() => import('./screens/sign-in/register.tsx'), 'RegisterScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/reset-password',
    validateSearch: anySearch,
    component: lazyRouteComponent(() => import('./screens/sign-in/reset-password.tsx'), 'ResetPasswordScreen'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/accept-invitation',
    validateSearch: anySearch,
    component: lazyRouteComponent(() => import('./screens/sign-in/accept-invitation.tsx'), 'AcceptInvitationScreen'),
  }),
];

/** Every address of the dashboard. */
export const router = createRouter({
  routeTree: root.addChildren([inside.addChildren(screens), ...outside]),
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
  defaultPreload: 'intent',
  scrollRestoration: true,
});
